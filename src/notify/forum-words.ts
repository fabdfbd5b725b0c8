// What is said when a forum topic cannot be used.

const isGroup = (address: string) => address.startsWith('-');
const elsewhere = (address: string) => (isGroup(address) ? 'in General' : 'in the chat itself');

/** A topic was asked for, and no answer came. */
export const unanswered = (name: string) =>
  `I asked for the topic “${name}” and do not know whether it was made, so what belongs there is told outside it. If it stands, write /help in it; otherwise press “Try again” under /settings, Topics.`;

/** No topic can be made there, for `why`, Telegram’s own words. */
export const noTopics = (why: string, address: string) => {
  const reason = /rights|admin/i.test(why)
    ? 'I may not make topics here'
    : /forum/i.test(why)
      ? 'There are no topics here any more'
      : `I cannot make topics here (${why})`;
  const remedy = /rights|admin/i.test(why)
    ? 'Give me the right to manage topics'
    : isGroup(address)
      ? 'Switch topics on in the group'
      : 'Switch topics on in this chat';
  return `${reason}, so everything is told ${elsewhere(address)}. ${remedy}, then press “Try again” under /settings, Topics.`;
};

/** The topic is closed. */
export const closed = (name: string, address: string) =>
  `The topic “${name}” is closed, so what belongs there is told ${elsewhere(address)} until it is opened again.`;

/** The topic was lost twice; `span`: how long until the next try. */
export const lostAgain = (name: string, span: string, address: string) =>
  `The topic “${name}” was lost though it was just made. What belongs there is told ${elsewhere(address)}; I try again in ${span}.`;
