// One POST from its headers to its answer: who, how fast, what, and into the ledger.
import type { Accept } from './accept.ts';
import { admit, admitAtOnce, type KeyInBody } from './admit.ts';
import type { Admitting } from './admitting.ts';
import type { Asked } from './asked.ts';
import type { Format } from './format.ts';
import { type Problem, problemResponse } from './problem.ts';
import { openRate } from './rate.ts';
import { openStrictBook } from './strict-book.ts';
import { answerOf, type Taken } from './taken.ts';

export interface PushDeps extends Pick<Admitting, 'world' | 'now' | 'keys' | 'tellOwners'> {
  accept: Accept;
}

/** How one API answers; ours says what was taken, others in their own words. */
export interface Tongue {
  keyInBody?: KeyInBody;
  taken(taken: Taken): Response;
  refused(problem: Problem): Response;
}

export interface Push {
  /** Answers a POST whose body is of this format. */
  push(request: Request, format: Format, tongue?: Tongue): Promise<Response>;
  /** The same without words. */
  take(request: Asked, format: Format): Promise<Taken | Problem>;
}

const ours: Tongue = {
  taken: ({ fingerprints: _, ...taken }) => Response.json(taken, { status: 202 }),
  refused: problemResponse,
};

/** Opens the way in. */
export function openPush(deps: PushDeps): Push {
  const way: Way = { ...deps, strict: openStrictBook(deps.world), rate: openRate(), told: openRate() };
  return {
    take: (request, format) => pushOne(way, request, format),
    async push(request, format, tongue = ours) {
      const answer = await pushOne(way, request, format, tongue.keyInBody);
      return 'accepted' in answer ? tongue.taken(answer) : tongue.refused(answer);
    },
  };
}

type Way = Admitting & Pick<PushDeps, 'accept'>;

async function pushOne(
  way: Way,
  request: Asked,
  format: Format,
  keyInBody?: KeyInBody,
): Promise<Taken | Problem> {
  const soon = admitAtOnce(way, request, format, keyInBody) ?? admit(way, request, format, keyInBody);
  // A promise more for each event costs more than most of what is checked.
  const admitted = soon instanceof Promise ? await soon : soon;
  // Of all that was read only the rows are left while they wait: each collection of garbage copies what waits.
  const answer =
    'rows' in admitted ? answerOf(way.world, admitted, await way.accept.take(admitted.rows)) : admitted;
  if (!('accepted' in answer)) way.world.meter.count('events_refused', { code: answer.code });
  return answer;
}
