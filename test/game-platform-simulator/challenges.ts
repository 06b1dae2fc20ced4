import { hashOf, pick, unitOf } from './random.ts';

/** The invented challenges: titles, points, raw category spellings, NICE work roles. */

export interface Challenge {
  readonly id: number;
  readonly title: string;
  readonly points: number;
  readonly category: string;
  readonly retired: boolean;
  readonly workRoles: readonly string[];
}

interface Subject {
  /** Spelled as the platform happens to spell it; never one way only. */
  readonly spellings: readonly string[];
  /** Ids of both NICE sets, names in any case, an unknown one: their form is not promised. */
  readonly roles: readonly string[];
  readonly titles: readonly string[];
}

const SUBJECTS: readonly Subject[] = [
  {
    spellings: ['crypto', 'Cryptography'],
    roles: ['DD-WRL-001', 'Security Architect', 'SP-ARC-002'],
    titles: [
      'Rotor Room',
      'Small Exponent',
      'Twice-Used Pad',
      'Salted Hash Browns',
      'Padding Whisper',
      'Curve Ball',
      'Caesar at Sea',
      'Nonce Sense',
      'Railway Fence',
      'Modulus Operandi',
      'Key Under the Mat',
      'Vigenere Vineyard',
      'Shared Prime Time',
      'Birthday Party',
      'Block Party',
    ],
  },
  {
    spellings: ['Forensics', 'forensics'],
    roles: ['PD-WRL-002', 'Digital Forensics', 'IN-FOR-002', 'digital evidence analysis'],
    titles: [
      'Deleted on Tuesday',
      'Sector 63',
      'Memory Lane',
      'The Quiet USB',
      'EXIF Marks the Spot',
      'Carved in Stone',
      'Shadow Copy',
      'Prefetch',
      'Slack Space',
      'Registry Office',
      'Timeline of a Leak',
      'Hibernating Bear',
      'Thumbs in the Cache',
      'Journal Entry',
      'Swap Meet',
    ],
  },
  {
    spellings: ['networking', 'Network_Traffic'],
    roles: ['IO-WRL-004', 'Network Operations', 'OM-NET-001', 'PR-CDA-001'],
    titles: [
      'Three-Way Handshake',
      'Lost Packet',
      'DNS Diary',
      'ARP and Soul',
      'Port Authority',
      'TTL Tales',
      'Beacon Hill',
      'Handoff',
      'Window Scaling',
      'Subnet of a Subnet',
      'The Talkative Printer',
      'Fragmented Story',
      'Route 53 Bus',
      'Proxy Fight',
      'Hop Count',
    ],
  },
  {
    spellings: ['osint', 'OSINT'],
    roles: ['CI-WRL-001', 'All-Source Analyst', 'all-source analysis', 'AN-ASA-001'],
    titles: [
      'Street Corner',
      'Which Bridge?',
      'Archived Twice',
      'Cached Page',
      'The Red Kayak',
      'Plate Spotter',
      'Night Train',
      'Reverse Image',
      'Weather That Day',
      'Two Lighthouses',
      'Tail Number',
      'Harbour Webcam',
      'Old Job Advert',
      'Skyline Puzzle',
      'Bakery Receipt',
    ],
  },
  {
    spellings: ['Reverse_Engineering', 'rev'],
    roles: ['CE-WRL-003', 'Exploitation Analysis', 'SP-DEV-002'],
    titles: [
      'Keygen Me Gently',
      'Strings Attached',
      'Off by One',
      'Stack Cats',
      'Jump Table',
      'Unpacked Lunch',
      'Opaque',
      'Branch Office',
      'Bytecode Bakery',
      'Symbol Minded',
      'Endian Summer',
      'Loop Hole',
      'Calling Convention',
      'Dead Code Walking',
      'Virtual Machinations',
    ],
  },
  {
    spellings: ['web', 'Web Exploitation'],
    roles: ['DD-WRL-005', 'Software Security Assessment', 'PR-VAM-001', 'Vulnerability Analysis'],
    titles: [
      'Cookie Jar',
      'Template of Doom',
      'Robots Welcome',
      'Second Order',
      'Seventh Header',
      'Half-Open Redirect',
      'Header Hunt',
      'Path Finder',
      'Session Musician',
      'Token Gesture',
      'Origin Story',
      'Upload Limits',
      'Hidden Field Trip',
      'Query Quarry',
      'Cache Me Outside',
    ],
  },
  {
    spellings: ['binexp', 'Binary_Exploitation'],
    roles: ['CE-WRL-001', 'Cyber Operator', 'CO-OPS-001', 'PD-WRL-007'],
    titles: [
      'Overflowing Teacup',
      'Return Address Unknown',
      'Canary Islands',
      'Heap of Trouble',
      'Format of Things',
      'Gadget Drawer',
      'Null Byte Diner',
      'Pointer Sisters',
      'Use After Tea',
      'Shell Collection',
      'Stack of Pancakes',
      'Offset Printing',
      'Double Free Lunch',
      'Aligned Stars',
      'Write What Where',
    ],
  },
  {
    spellings: ['misc', 'General Skills'],
    roles: ['OG-WRL-005', 'Cyber Instructor', 'Threat Hunter (trial)'],
    titles: [
      'Hello, Terminal',
      'Man Page Turner',
      'Regex Safari',
      'Base Camp 64',
      'Piped Music',
      'Permission Slip',
      'Morse in Morning',
      'QR Quilt',
      'Commit History',
      'Cron Stories',
      'Grep Expectations',
      'Zip in a Zip',
      'Escape Room',
      'Locale Hero',
      'Exit Code Zero',
    ],
  },
];

const POINTS = [25, 50, 50, 75, 100, 100, 150, 150, 200, 200, 250, 300, 350, 400, 500] as const;

function workRolesFor(roles: readonly string[], key: number): readonly string[] {
  const wanted = Math.floor(unitOf(key, 'roles') * 4);
  return roles.filter((_, index) => index !== key % roles.length).slice(0, wanted);
}

/** 120 challenges; the catalogue is the same for every seed, as the platform's is the same for every user. */
const BASE: readonly Challenge[] = SUBJECTS.flatMap((subject, subjectIndex) =>
  subject.titles.map((title, index) => {
    const key = hashOf('challenge', subjectIndex, index);
    return {
      id: 1001 + subjectIndex * subject.titles.length + index,
      title,
      points: POINTS[index] ?? 100,
      category: pick(subject.spellings, unitOf(key, 'spelling')),
      retired: unitOf(key, 'retired') < 0.08,
      workRoles: workRolesFor(subject.roles, key),
    };
  }),
);
export const CHALLENGE_COUNT = BASE.length;

/**
 * The challenges in the order in which one user solves them: easy ones and favourite subjects first. Who has solved
 * all of a level goes on with the next, which holds harder variants under ids of their own; there is no last level.
 */
export function challengeOrder(userSeed: number, level: number): readonly Challenge[] {
  return BASE.map((challenge, index) => ({
    challenge,
    at:
      challenge.points / 200 +
      2 * unitOf(userSeed, level, 'taste', Math.floor(index / 15)) +
      1.5 * unitOf(userSeed, level, index),
  }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ challenge }) => (level === 0 ? challenge : harder(challenge, level)));
}

function harder(challenge: Challenge, level: number): Challenge {
  return {
    ...challenge,
    id: challenge.id + level * 1000,
    title: `${challenge.title}, part ${level + 1}`,
    points: challenge.points + level * 25,
  };
}

/** The ten challenges of one Flash CTF, easiest first. */
export function flashChallenges(eventSeed: number, firstId: number): readonly Challenge[] {
  return Array.from({ length: 10 }, (_, index) => {
    const subject = pick(SUBJECTS, unitOf(eventSeed, 'subject', index));
    const key = hashOf(eventSeed, 'flash', index);
    return {
      id: firstId + index,
      title: `${pick(subject.titles, unitOf(key, 'title'))} (Flash)`,
      points: 100 + 50 * index,
      category: pick(subject.spellings, unitOf(key, 'spelling')),
      retired: false,
      workRoles: workRolesFor(subject.roles, key),
    };
  });
}
