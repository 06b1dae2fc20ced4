import { GamePlatformModel } from './model.ts';

/** Creates users for ever, naming each on stdout when the platform has answered; a test kills it. */
const { platform } = new GamePlatformModel({ seed: 5, stateFile: process.argv[2] ?? '' });
for (let count = 1; ; count += 1) {
  const { syned_user_id: id } = platform.createUser({
    first_name: 'Hana',
    last_name: 'Kobayashi',
    email: `student-${count}@example.org`,
    role: 'user',
    syned_user_id: `student-${count}`,
  });
  await new Promise((resolve) => {
    process.stdout.write(`${id}\n`, resolve);
  });
}
