// Why the embedded PostgreSQL cannot run here, for whoever can change it.

/** The message is a sentence for the operator, and all there is to say. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}
