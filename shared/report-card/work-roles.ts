/**
 * The work roles of the NICE Framework (NIST Special Publication 800-181, public domain) and what they mean in plain
 * words. The platform names roles of the present set or of the one of 2017, by id or by name, in any case.
 */
export interface WorkRole {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly meaning: string;
}

const AREAS = {
  OG: 'Oversight and Governance',
  DD: 'Design and Development',
  IO: 'Implementation and Operation',
  PD: 'Protection and Defense',
  IN: 'Investigation',
  CI: 'Cyberspace Intelligence',
  CE: 'Cyberspace Effects',
} as const;

type Named = readonly [number: number, name: string, meaning: string];

const PRESENT: Readonly<Record<keyof typeof AREAS, readonly Named[]>> = {
  OG: [
    [
      1,
      'Communications Security (COMSEC) Management',
      'Looks after the keys and devices that keep messages secret.',
    ],
    [2, 'Cybersecurity Policy and Planning', 'Writes the rules for security and plans how they are met.'],
    [3, 'Cybersecurity Workforce Management', 'Plans which security people are needed and how they grow.'],
    [4, 'Cybersecurity Curriculum Development', 'Designs courses that teach security.'],
    [5, 'Cybersecurity Instruction', 'Teaches security to others.'],
    [6, 'Cybersecurity Legal Advice', 'Gives legal advice on questions of cyberspace.'],
    [7, 'Executive Cybersecurity Leadership', 'Leads an organization’s security and decides for it.'],
    [8, 'Privacy Compliance', 'Makes sure that personal data is handled as the law says.'],
    [9, 'Product Support Management', 'Keeps products working and supported while they are in use.'],
    [10, 'Program Management', 'Leads a program: its people, money and goals.'],
    [11, 'Secure Project Management', 'Leads a technology project and keeps it secure.'],
    [12, 'Security Control Assessment', 'Checks whether protections work as they should.'],
    [13, 'Systems Authorization', 'Decides whether a system is safe enough to run.'],
    [14, 'Systems Security Management', 'Is responsible for the security of a system day by day.'],
    [15, 'Technology Portfolio Management', 'Decides which technology is worth its money.'],
    [16, 'Technology Program Auditing', 'Examines technology programs and reports what is wrong.'],
  ],
  DD: [
    [1, 'Cybersecurity Architecture', 'Designs how a system is protected as a whole.'],
    [2, 'Enterprise Architecture', 'Designs how an organization’s systems fit together.'],
    [3, 'Secure Software Development', 'Writes programs that hold up against attacks.'],
    [4, 'Secure Systems Development', 'Builds systems with security from the start.'],
    [5, 'Software Security Assessment', 'Looks for weak points in programs before others do.'],
    [6, 'Systems Requirements Planning', 'Finds out what a new system has to do.'],
    [7, 'Systems Testing and Evaluation', 'Tests whether systems do what they should.'],
    [8, 'Technology Research and Development', 'Researches and tries out new technology.'],
    [
      9,
      'Operational Technology (OT) Cybersecurity Engineering',
      'Protects machines and plants that computers control.',
    ],
  ],
  IO: [
    [1, 'Data Analysis', 'Finds patterns and answers in data.'],
    [2, 'Database Administration', 'Runs databases and protects what they hold.'],
    [3, 'Knowledge Management', 'Keeps an organization’s knowledge easy to find.'],
    [4, 'Network Operations', 'Runs networks and watches what flows through them.'],
    [5, 'Systems Administration', 'Sets up servers and keeps them running.'],
    [6, 'Systems Security Analysis', 'Examines how secure running systems are and improves them.'],
    [7, 'Technical Support', 'Helps people with their computers and programs.'],
  ],
  PD: [
    [1, 'Defensive Cybersecurity', 'Watches for attacks with the tools of the defense.'],
    [2, 'Digital Forensics', 'Finds out from traces on devices what happened.'],
    [3, 'Incident Response', 'Acts when an attack happens: stops it and cleans up.'],
    [4, 'Infrastructure Support', 'Runs the equipment that the defense works with.'],
    [5, 'Insider Threat Analysis', 'Looks for dangers that come from inside.'],
    [6, 'Threat Analysis', 'Studies attackers and warns of what they plan.'],
    [7, 'Vulnerability Analysis', 'Finds weak points in systems and says how bad they are.'],
  ],
  IN: [
    [1, 'Cybercrime Investigation', 'Investigates crimes that were done with computers.'],
    [2, 'Digital Evidence Analysis', 'Secures and examines digital evidence for a court.'],
  ],
  CI: [
    [1, 'All-Source Analysis', 'Puts information from many sources together into one picture.'],
    [2, 'All-Source Collection Management', 'Directs how information is collected.'],
    [3, 'All-Source Collection Requirements Management', 'Decides which information has to be collected.'],
    [4, 'Cyber Intelligence Planning', 'Plans how intelligence supports an operation.'],
    [5, 'Multi-Disciplined Language Analysis', 'Makes foreign-language material understandable.'],
  ],
  CE: [
    [1, 'Cyberspace Operations', 'Works in networks on behalf of an operation.'],
    [2, 'Cyber Operations Planning', 'Plans operations in cyberspace.'],
    [3, 'Exploitation Analysis', 'Finds out how programs and systems can be broken into.'],
    [4, 'Mission Assessment', 'Judges whether an operation reached its goal.'],
    [5, 'Partner Integration Planning', 'Plans how partners work together in cyberspace.'],
    [6, 'Target Analysis', 'Studies the systems that an operation is about.'],
    [7, 'Target Network Analysis', 'Studies the networks that an operation is about.'],
  ],
};

/** Roles of 2017 with the present role that took their place. */
const OLDER: readonly (readonly [id: string, name: string, present: string])[] = [
  ['SP-RSK-001', 'Authorizing Official/Designating Representative', 'OG-WRL-013'],
  ['SP-RSK-002', 'Security Control Assessor', 'OG-WRL-012'],
  ['SP-DEV-001', 'Software Developer', 'DD-WRL-003'],
  ['SP-DEV-002', 'Secure Software Assessor', 'DD-WRL-005'],
  ['SP-ARC-001', 'Enterprise Architect', 'DD-WRL-002'],
  ['SP-ARC-002', 'Security Architect', 'DD-WRL-001'],
  ['SP-TRD-001', 'Research & Development Specialist', 'DD-WRL-008'],
  ['SP-SRP-001', 'Systems Requirements Planner', 'DD-WRL-006'],
  ['SP-TST-001', 'System Testing and Evaluation Specialist', 'DD-WRL-007'],
  ['SP-SYS-001', 'Information Systems Security Developer', 'DD-WRL-004'],
  ['SP-SYS-002', 'Systems Developer', 'DD-WRL-004'],
  ['OM-DTA-001', 'Database Administrator', 'IO-WRL-002'],
  ['OM-DTA-002', 'Data Analyst', 'IO-WRL-001'],
  ['OM-KMG-001', 'Knowledge Manager', 'IO-WRL-003'],
  ['OM-STS-001', 'Technical Support Specialist', 'IO-WRL-007'],
  ['OM-NET-001', 'Network Operations Specialist', 'IO-WRL-004'],
  ['OM-ADM-001', 'System Administrator', 'IO-WRL-005'],
  ['OM-ANA-001', 'Systems Security Analyst', 'IO-WRL-006'],
  ['OV-LGA-001', 'Cyber Legal Advisor', 'OG-WRL-006'],
  ['OV-LGA-002', 'Privacy Officer/Privacy Compliance Manager', 'OG-WRL-008'],
  ['OV-TEA-001', 'Cyber Instructional Curriculum Developer', 'OG-WRL-004'],
  ['OV-TEA-002', 'Cyber Instructor', 'OG-WRL-005'],
  ['OV-MGT-001', 'Information Systems Security Manager', 'OG-WRL-014'],
  ['OV-MGT-002', 'Communications Security (COMSEC) Manager', 'OG-WRL-001'],
  ['OV-SPP-001', 'Cyber Workforce Developer and Manager', 'OG-WRL-003'],
  ['OV-SPP-002', 'Cyber Policy and Strategy Planner', 'OG-WRL-002'],
  ['OV-EXL-001', 'Executive Cyber Leadership', 'OG-WRL-007'],
  ['OV-PMA-001', 'Program Manager', 'OG-WRL-010'],
  ['OV-PMA-002', 'Information Technology (IT) Project Manager', 'OG-WRL-011'],
  ['OV-PMA-003', 'Product Support Manager', 'OG-WRL-009'],
  ['OV-PMA-004', 'IT Investment/Portfolio Manager', 'OG-WRL-015'],
  ['OV-PMA-005', 'IT Program Auditor', 'OG-WRL-016'],
  ['PR-CDA-001', 'Cyber Defense Analyst', 'PD-WRL-001'],
  ['PR-INF-001', 'Cyber Defense Infrastructure Support Specialist', 'PD-WRL-004'],
  ['PR-CIR-001', 'Cyber Defense Incident Responder', 'PD-WRL-003'],
  ['PR-VAM-001', 'Vulnerability Assessment Analyst', 'PD-WRL-007'],
  ['AN-TWA-001', 'Threat/Warning Analyst', 'PD-WRL-006'],
  ['AN-EXP-001', 'Exploitation Analyst', 'CE-WRL-003'],
  ['AN-ASA-001', 'All-Source Analyst', 'CI-WRL-001'],
  ['AN-ASA-002', 'Mission Assessment Specialist', 'CE-WRL-004'],
  ['AN-TGT-001', 'Target Developer', 'CE-WRL-006'],
  ['AN-TGT-002', 'Target Network Analyst', 'CE-WRL-007'],
  ['AN-LNG-001', 'Multi-Disciplined Language Analyst', 'CI-WRL-005'],
  ['CO-CLO-001', 'All Source-Collection Manager', 'CI-WRL-002'],
  ['CO-CLO-002', 'All Source-Collection Requirements Manager', 'CI-WRL-003'],
  ['CO-OPL-001', 'Cyber Intel Planner', 'CI-WRL-004'],
  ['CO-OPL-002', 'Cyber Ops Planner', 'CE-WRL-002'],
  ['CO-OPL-003', 'Partner Integration Planner', 'CE-WRL-005'],
  ['CO-OPS-001', 'Cyber Operator', 'CE-WRL-001'],
  ['IN-INV-001', 'Cyber Crime Investigator', 'IN-WRL-001'],
  ['IN-FOR-001', 'Law Enforcement/CounterIntelligence Forensics Analyst', 'IN-WRL-002'],
  ['IN-FOR-002', 'Cyber Defense Forensics Analyst', 'PD-WRL-002'],
];

const isArea = (text: string): text is keyof typeof AREAS => text in AREAS;

export const WORK_ROLES: readonly WorkRole[] = Object.entries(PRESENT).flatMap(([area, roles]) =>
  isArea(area)
    ? roles.map(([number, name, meaning]) => ({
        id: `${area}-WRL-${String(number).padStart(3, '0')}`,
        name,
        area: AREAS[area],
        meaning,
      }))
    : [],
);

const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();

const BY_ID = new Map(WORK_ROLES.map((role) => [role.id, role]));
const KNOWN = new Map<string, WorkRole>([
  ...OLDER.flatMap(([id, name, present]) => {
    const role = BY_ID.get(present);
    return role === undefined
      ? []
      : [[plain(id), role] satisfies [string, WorkRole], [plain(name), role] satisfies [string, WorkRole]];
  }),
  ...WORK_ROLES.flatMap((role) => [
    [plain(role.id), role] satisfies [string, WorkRole],
    [plain(role.name), role] satisfies [string, WorkRole],
  ]),
]);

/** The present role that an id or a name of either set means; undefined: it is neither. */
export const workRoleOf = (text: string): WorkRole | undefined => KNOWN.get(plain(text));

/** A challenge category: its one name, and the roles that a solve counts for when the platform names none. */
interface Category {
  readonly name: string;
  readonly spellings: readonly string[];
  readonly roleIds: readonly string[];
}

const CATEGORIES: readonly Category[] = [
  { name: 'Cryptography', spellings: ['crypto'], roleIds: ['DD-WRL-001'] },
  { name: 'Forensics', spellings: ['digital forensics', 'for'], roleIds: ['PD-WRL-002', 'IN-WRL-002'] },
  {
    name: 'Networking',
    spellings: ['network', 'network traffic', 'networks'],
    roleIds: ['IO-WRL-004', 'PD-WRL-001'],
  },
  { name: 'OSINT', spellings: ['open source intelligence', 'recon'], roleIds: ['CI-WRL-001'] },
  {
    name: 'Reverse Engineering',
    spellings: ['rev', 'reversing', 'reverse'],
    roleIds: ['CE-WRL-003', 'DD-WRL-005'],
  },
  {
    name: 'Binary Exploitation',
    spellings: ['pwn', 'pwning', 'binexp', 'binary', 'exploitation'],
    roleIds: ['CE-WRL-003', 'PD-WRL-007'],
  },
  {
    name: 'Web Exploitation',
    spellings: ['web', 'web security'],
    roleIds: ['DD-WRL-005', 'PD-WRL-007'],
  },
  { name: 'Miscellaneous', spellings: ['misc', 'other', ''], roleIds: [] },
];

const folded = (text: string): string => plain(text.replaceAll(/[\s_-]+/g, ' '));

const BY_SPELLING = new Map(
  CATEGORIES.flatMap((category) =>
    [category.name, ...category.spellings].map((spelling) => [folded(spelling), category] as const),
  ),
);

/** The one name of a category, however the platform spells it; an unknown one in its own words. */
export function categoryLabel(spelled: string): string {
  const words = folded(spelled);
  return BY_SPELLING.get(words)?.name ?? words.replaceAll(/(^| )\p{L}/gu, (start) => start.toUpperCase());
}

/** The roles of a category, for a solve that names none. */
export const rolesOfCategory = (spelled: string): readonly WorkRole[] =>
  (BY_SPELLING.get(folded(spelled))?.roleIds ?? []).flatMap((id) => BY_ID.get(id) ?? []);
