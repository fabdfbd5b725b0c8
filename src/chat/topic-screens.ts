// Screens about topics: the tree of what comes here, and one topic with its fields, units and last events.
import { own } from '#core/own.ts';
import {
  type CatalogueTopic,
  countedOf,
  newestSubjects,
  type PicturedField,
  pictureOf,
} from '#core/topic-picture.ts';
import { type Branch, treeOf } from '#core/topic-tree.ts';
import { catalogue } from '#store/declared-topics.ts';
import { wordingFor } from '#store/templates.ts';
import type { ChatContext } from './context.ts';
import { firstLine } from './first-line.ts';
import { lines } from './html.ts';
import * as labels from './locales/labels.ts';
import { copyLine } from './locales/sources.ts';
import * as say from './locales/topics.ts';
import { type Choice, copying, inPairs, type Screen } from './screen.ts';

const [perPage, mostTopics] = [8, 2_000];

/** What lies below a path (`''`: everything), a page at a time. A path that is only a topic shows that. */
export async function topicsScreen(ctx: ChatContext, path = '', wanted = 0): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const all = await catalogue(db, [path === '' ? '**' : `${path}.**`], mostTopics);
  if (all.length === 0 && path === '') return noTopicsScreen(ctx);
  const branches = openedAt(treeOf(all.map(countedOf), ''), path);
  const here = all.find(({ topic }) => topic === path);
  if (branches.length === 0 && here) return topicScreen(ctx, path);
  if (branches.length === 0) {
    const rows: Choice[][] = [[{ label: say.allTopics, action: 'topics', payload: '0' }]];
    return { text: say.notThere(path), rows };
  }
  const own: Branch[] = here ? [{ ...leaf(here), part: path }] : [];
  const listed = [...own, ...branches];
  const pages = Math.ceil(listed.length / perPage);
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown = listed.slice(page * perPage, (page + 1) * perPage);
  const rows = inPairs(shown.map(choiceOf));
  const turns: Choice[] = [];
  if (page > 0) turns.push({ label: labels.earlier, action: 'topics', payload: `${page - 1} ${path}` });
  if (page < pages - 1) turns.push({ label: labels.more, action: 'topics', payload: `${page + 1} ${path}` });
  const back: Choice[] =
    path === ''
      ? []
      : [
          { label: labels.back, action: 'topics', payload: `0 ${path.split('.').slice(0, -1).join('.')}` },
          { label: say.aRule, action: 'topic-watch', payload: `${path}.**` },
        ];
  return {
    text: lines(
      say.treeTitle(path, listed, { at: page, of: pages }),
      ...shown.map((branch) => say.branchLine(branch, ctx.now)),
    ),
    rows: [...rows, ...(turns.length > 0 ? [turns] : []), ...(back.length > 0 ? [back] : [])],
  };
}

/** One topic: what it is, its fields with ranges and units, what came last, and a way to watch it. */
export async function topicScreen(ctx: ChatContext, topic: string): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const found = (await catalogue(db, [topic], 1)).find((one) => one.topic === topic);
  const parent = topic.split('.').slice(0, -1).join('.');
  const back: Choice = { label: labels.back, action: 'topics', payload: `0 ${parent}` };
  if (!found) return { text: say.notThere(topic), rows: [[back]] };
  const { units } = await wordingFor(db, { ruleId: '', topic });
  return {
    text: say.topicDetail(factsOf(found, units, ctx)),
    rows: [
      [
        { label: say.watchThis, action: 'topic-watch', payload: topic },
        { label: say.leaveOut, action: 'opt-out', payload: `where ${topic}` },
      ],
      [back],
    ],
  };
}

/** Numbers are looked for first, what never came last. */
const order = ['number', 'text', 'truth', 'other'];

function factsOf(
  one: CatalogueTopic,
  units: Record<string, string>,
  { zone, now }: ChatContext,
): say.TopicFacts {
  const { fields, ...known } = pictureOf(one);
  const rank = ({ seen }: PicturedField) => (seen ? order.indexOf(seen.type) : order.length);
  const inOrder = fields.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const subjects = newestSubjects(one.seen);
  return {
    ...known,
    fields: inOrder.map(({ name, declared, seen, lackedBy }) => ({
      name,
      unit: own(units, name),
      description: declared?.description,
      required: declared?.required === true,
      lackedBy,
      seen,
    })),
    subjects,
    known: subjects.length,
    units,
    zone,
    now,
  };
}

function leaf(one: CatalogueTopic): Branch {
  const { topic, count, lastAt } = countedOf(one);
  return { part: topic, path: topic, isTopic: true, topics: 1, events: count, lastAt, below: [] };
}

/** The branches just below the path; a branch with one way on is gone through. */
function openedAt(tree: Branch[], path: string): Branch[] {
  let here = tree;
  for (const part of path === '' ? [] : path.split('.'))
    here = here.find((branch) => branch.part === part)?.below ?? [];
  return here.map(through);
}

function through(branch: Branch): Branch {
  const [only, more] = branch.below;
  return only && !more && !branch.isTopic ? through(only) : branch;
}

function choiceOf(branch: Branch): Choice {
  const label = say.branchLabel(branch);
  return branch.below.length > 0
    ? { label, action: 'topics', payload: `0 ${branch.path}` }
    : { label, action: 'topic', payload: branch.path };
}

function noTopicsScreen(ctx: ChatContext): Screen {
  const line = firstLine(ctx.deps.publicUrl);
  return copying({ text: say.noTopics(line) }, { [copyLine]: line });
}
