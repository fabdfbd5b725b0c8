// The contract of a button: what happens when a row of the `buttons` table is pressed.
import type { ButtonRow } from '#store/buttons.ts';
import type { ChatContext } from './context.ts';

export interface ButtonAction {
  /** The word in the row. */
  action: string;
  /** It neither asks nor opens a dialogue, so that the one that runs need not be read. */
  alone?: true;
  /** Does it and answers the press; the row was found, belongs to this chat and has not expired. */
  press(ctx: ChatContext, row: ButtonRow): Promise<void>;
}
