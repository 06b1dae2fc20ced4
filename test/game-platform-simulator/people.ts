import { hashOf, pick, randomFrom, shuffled, unitOf } from './random.ts';

/**
 * Invented people, schools and teams, the same for the same seed. Nobody here exists; every address lies under
 * example.org, example.net or example.com.
 */

export type Division = 'middle_school' | 'high_school' | 'college';

export interface InventedSchool {
  readonly name: string;
  /** Where its addresses lie, such as `cedar-ridge.example.org`. */
  readonly domain: string;
  readonly division: Division;
}

export interface InventedCoach {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly school: InventedSchool;
}

export interface InventedStudent {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly adult: boolean;
  /** For adults. */
  readonly schoolEmail: string | null;
  /** For minors. */
  readonly guardianName: string | null;
  readonly guardianEmail: string | null;
  /** 6 to 12; 13 to 16 are the years of a college. */
  readonly grade: number;
}

const FIRST_NAMES: readonly string[] = (
  'Aaliyah Abdul Adaeze Aditi Aiyana Alejandra Alina Amara Amir Anaya Andre Anika Anouk Arjun Asha ' +
  'Aurelio Ayumi Bao Beatriz Bilal Brigid Caleb Camila Cedric Chidi Chloe Dae Dalia Dario Deepa Diego ' +
  'Dmitri Ebele Elena Elif Emeka Emil Esra Farah Fatima Felix Freya Gabriel Giang Grace Habiba Hana ' +
  'Haruto Hector Ifeoma Imani Ines Isaac Ivan Jada Jamal Jia Joaquin Jonah Josefa Kai Kamala Keanu ' +
  'Kenji Kofi Lamar Leilani Linh Lucia Luka Maeve Malik Marisol Mateo Mei Mila Minh Naomi Nasir Nia ' +
  'Nikhil Noah Nokomis Odalys Oluwaseun Omar Oscar Paloma Pedro Priya Quentin Rafael Rania Ravi Rosa ' +
  'Ruby Samir Sana Santiago Sarika Selin Sione Sofia Soren Tadeo Talia Tarik Tendai Tia Tomasz Uma ' +
  'Valentina Viktor Wei Winona Xavier Ximena Yara Yusuf Zara Zoltan Zuri'
).split(' ');

const LAST_NAMES: readonly string[] = (
  'Abara Acheampong Aguilar Alvarado Anderssen Arroyo Asante Bakshi Baptiste Begaye Bergstrom Bhatt ' +
  'Bianchi Boateng Bui Calloway Castellanos Chaudhry Chavez Dang Delacroix Demir Diallo Dubois Eze ' +
  'Fairweather Farouk Fernandes Fonoti Fujita Galvan Ghosh Greywolf Gutierrez Haddad Halvorsen ' +
  'Hashimoto Hidalgo Huang Ibarra Iyer Jain Jankowski Kahale Kapoor Karimi Kaya Kealoha Kimura ' +
  'Kobayashi Kovacs Lindqvist Liu Lombardi Mahmoud Marchetti Mbeki McAllister Mendoza Mensah Montoya ' +
  'Moreau Nakamura Navarro Ndiaye Nguyen Novak Nwosu Obi Okafor Oyelaran Pacheco Paredes Petrov Pham ' +
  'Popescu Quintero Raghavan Redfeather Reyes Sabry Salazar Sandhu Santos Sato Schreiber Silva Sorensen ' +
  'Suarez Tavares Teixeira Thompson Tran Tsosie Uchida Valdez Villanueva Vu Walcott Whitaker Wieczorek ' +
  'Xiong Yazzie Yilmaz Zamora Zhou'
).split(' ');

const SCHOOL_PLACES: readonly string[] = (
  'Cedar Ridge, Juniper Hills, Sunset Mesa, Harbor Point, Granite Peak, Willow Creek, Redwood Grove, ' +
  'Mariposa Valley, Blue Heron, Copper Canyon, Lakeview, Orchard Park, Stone Bridge, Pine Hollow, ' +
  'Pacific Bluff, Sagebrush, Eagle Rock, Golden Field, Maple Terrace, River Bend, North Star, ' +
  'Desert Willow, Silver Lake, Foothill'
).split(', ');

const SCHOOL_KINDS: Readonly<Record<Division, readonly string[]>> = {
  middle_school: ['Middle School', 'Academy'],
  high_school: ['High School', 'Tech High School', 'Preparatory'],
  college: ['Community College', 'State College'],
};

const TEAM_FIRST: readonly string[] = (
  'Packet Null Cedar Kernel Cipher Binary Stack Proxy Cobalt Shadow Quantum Hash Root Turbo Neon Static ' +
  'Vector Lambda Midnight Copper'
).split(' ');
const TEAM_SECOND: readonly string[] = (
  'Foxes Pointers Sparks Otters Ravens Owls Wizards Badgers Comets Herons Pirates Coyotes Lanterns ' +
  'Falcons Pandas Rangers Sharks Beetles Moths Bears'
).split(' ');

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .trim()
    .replaceAll(' ', '-')
    .toLowerCase();

/** How many people have names of their own before numbers would be needed. */
export const DISTINCT_NAMES = FIRST_NAMES.length * LAST_NAMES.length;

/** The nth name of a seed; the first {@link DISTINCT_NAMES} of them differ from each other. */
export function inventedName(
  seed: number,
  index: number,
): { readonly firstName: string; readonly lastName: string } {
  // A walk through all pairs with a step that shares no divisor with their number.
  const step = coprimeStep(seed, DISTINCT_NAMES);
  const at = (hashOf(seed, 'names') + index * step) % DISTINCT_NAMES;
  return {
    firstName: FIRST_NAMES[at % FIRST_NAMES.length] ?? '',
    lastName: LAST_NAMES[Math.floor(at / FIRST_NAMES.length)] ?? '',
  };
}

function coprimeStep(seed: number, size: number): number {
  let step = 1 + (hashOf(seed, 'step') % (size - 1));
  while (greatestCommonDivisor(step, size) !== 1) {
    step += 1;
  }
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Schools with distinct domains, up to 24. */
export function inventedSchools(seed: number, count: number): InventedSchool[] {
  return shuffled(SCHOOL_PLACES, seed, 'schools')
    .slice(0, count)
    .map((place, index) => {
      const draw = unitOf(seed, 'division', index);
      const division = draw < 0.25 ? 'middle_school' : draw < 0.85 ? 'high_school' : 'college';
      const kind = pick(SCHOOL_KINDS[division], unitOf(seed, 'kind', index));
      return { name: `${place} ${kind}`, domain: `${plain(place)}.example.org`, division };
    });
}

/** Coaches, one school after the other; their names never meet those of {@link inventedStudent}. */
export function inventedCoaches(
  seed: number,
  schools: readonly InventedSchool[],
  count: number,
): InventedCoach[] {
  return Array.from({ length: count }, (_, index) => {
    const { firstName, lastName } = inventedName(seed, DISTINCT_NAMES - 1 - index);
    const school = schools[index % schools.length];
    if (school === undefined) {
      throw new Error('Coaches need a school');
    }
    return {
      firstName,
      lastName,
      email: `${plain(firstName)}.${plain(lastName)}@${school.domain}`,
      school,
    };
  });
}

/** Team names, all different, up to 400. */
export function inventedTeamNames(seed: number, count: number): string[] {
  const size = TEAM_FIRST.length * TEAM_SECOND.length;
  const step = coprimeStep(hashOf(seed, 'teams'), size);
  return Array.from({ length: count }, (_, index) => {
    const at = (hashOf(seed, 'team names') + index * step) % size;
    return `${TEAM_FIRST[at % TEAM_FIRST.length]} ${TEAM_SECOND[Math.floor(at / TEAM_FIRST.length)]}`;
  });
}

const GRADES: Readonly<Record<Division, readonly number[]>> = {
  middle_school: [6, 7, 8],
  high_school: [9, 10, 11, 12],
  college: [13, 14, 15, 16],
};

/** The nth student of a seed, with everything that a complete profile needs. */
export function inventedStudent(seed: number, index: number, school: InventedSchool): InventedStudent {
  const { firstName, lastName } = inventedName(seed, index);
  const random = randomFrom(hashOf(seed, 'student', index));
  const grade = pick(GRADES[school.division], random());
  const adult = school.division === 'college' || (grade === 12 && random() < 0.3);
  const local = `${plain(firstName)}.${plain(lastName)}${index < DISTINCT_NAMES ? '' : index}`;
  const guardianFirst = pick(FIRST_NAMES, random());
  return {
    firstName,
    lastName,
    email: `${local}@${pick(['mail.example.net', 'post.example.com', 'home.example.net'], random())}`,
    adult,
    schoolEmail: adult ? `${local}@${school.domain}` : null,
    guardianName: adult ? null : `${guardianFirst} ${lastName}`,
    guardianEmail: adult ? null : `${plain(guardianFirst)}.${plain(lastName)}@family.example.net`,
    grade,
  };
}
