// What stories of follow-up begin with: a disk that Ana watches, and the page where she says what happens when nobody acts.
import type { Person } from '../harness/actors.ts';

export const disk = (usage: number, subject = '/home') => ({
  type: 'disk.usage',
  subject,
  data: { usage },
});
export const watch = '/watch disk.usage usage > 90 severity warning named "Disk nearly full"';

/** Makes the rule, and opens the page. */
export async function watchesAndOpensFollowUp(person: Person): Promise<void> {
  await person.says(watch);
  await person.says('/settings');
  await person.presses('Follow-up');
}
