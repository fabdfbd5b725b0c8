// Labels and short words that many screens share.
import { sayDuration } from '#core/duration.ts';
import { type Severity, severitySign } from '#core/severity.ts';

export const back = 'Back';
export const cancel = 'Cancel';
export const save = 'Save';
export const change = 'Change …';
export const other = 'other';
export const more = 'More';
export const earlier = 'Earlier';
export const lookAgain = 'Look again';
export const nothingNew = 'Nothing new yet.';
export const thisRule = 'This rule';
export const myRules = 'My rules';
export const newRule = 'New rule';
export const rulesLabel = 'Rules';
export const settingsLabel = 'Settings';
export const whatBurns = 'What burns';
export const openPrivate = 'Open our private chat';
export const pause = 'Pause';
export const resume = 'Resume';
export const remove = 'Delete';
export const keepIt = 'Keep it';
export const yes = 'Yes';
export const severityLabel = (severity: Severity) => `${severitySign[severity]} ${severity}`;
export const span = (ms: number) => (ms === 0 ? 'at once' : sayDuration(ms));
