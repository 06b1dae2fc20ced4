import { describe, expect, it } from 'vitest';
import {
  DISTINCT_NAMES,
  inventedCoaches,
  inventedName,
  inventedSchools,
  inventedStudent,
  inventedTeamNames,
} from './people.ts';

const SAFE_ADDRESS = /^[a-z0-9.-]+@([a-z0-9-]+\.)*example\.(org|net|com)$/;

describe('invented people', () => {
  const schools = inventedSchools(3, 12);
  const students = Array.from({ length: 300 }, (_, index) =>
    inventedStudent(3, index, schools[index % schools.length]!),
  );

  it('are the same for the same seed and others for another', () => {
    expect(inventedStudent(3, 17, schools[17 % 12]!)).toEqual(students[17]);
    expect(inventedName(3, 17)).not.toEqual(inventedName(4, 17));
  });

  it('have names and addresses of their own', () => {
    expect(new Set(students.map(({ firstName, lastName }) => `${firstName} ${lastName}`)).size).toBe(300);
    expect(new Set(students.map(({ email }) => email)).size).toBe(300);
    const many = Array.from({ length: DISTINCT_NAMES }, (_, index) => {
      const { firstName, lastName } = inventedName(3, index);
      return `${firstName} ${lastName}`;
    });
    expect(new Set(many).size).toBe(DISTINCT_NAMES);
  });

  it('have addresses that reach nobody', () => {
    const addresses = [
      ...students.flatMap(({ email, schoolEmail, guardianEmail }) => [email, schoolEmail, guardianEmail]),
      ...inventedCoaches(3, schools, 12).map(({ email }) => email),
    ].filter((address) => address !== null);
    for (const address of addresses) {
      expect(address).toMatch(SAFE_ADDRESS);
    }
  });

  it('are minors with a guardian or adults with a school address', () => {
    for (const { adult, schoolEmail, guardianName, guardianEmail } of students) {
      expect([schoolEmail !== null, guardianName !== null, guardianEmail !== null]).toEqual([
        adult,
        !adult,
        !adult,
      ]);
    }
    const adults = students.filter(({ adult }) => adult).length;
    expect(adults).toBeGreaterThan(10);
    expect(adults).toBeLessThan(200);
  });

  it('have coaches, schools and teams with names of their own', () => {
    const coaches = inventedCoaches(3, schools, 12);
    expect(new Set(coaches.map(({ email }) => email)).size).toBe(12);
    expect(new Set(schools.map(({ domain }) => domain)).size).toBe(12);
    expect(new Set(inventedTeamNames(3, 400)).size).toBe(400);
  });
});
