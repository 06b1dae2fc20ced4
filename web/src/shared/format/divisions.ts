const NAMES: Readonly<Record<string, string>> = {
  middle_school: 'Middle School',
  high_school: 'High School',
  college: 'College',
};

/** The name of a division; one we do not know yet is shown as it came. */
export const divisionName = (division: string): string => NAMES[division] ?? division;
