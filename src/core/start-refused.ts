// A start that cannot be, for a reason that the operator can change.

/** The message is a sentence for the operator, and all there is to say: no stack helps. */
export class StartRefused extends Error {
  override name = 'StartRefused';
}
