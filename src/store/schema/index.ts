// All tables of the ledger, for the connection and for drizzle-kit; whoever uses one imports it from its own file.

export * from './actions.ts';
export * from './alerts.ts';
export * from './audit.ts';
export * from './boards.ts';
export * from './broadcasts.ts';
export * from './budgets.ts';
export * from './chat.ts';
export * from './digests.ts';
export * from './events.ts';
export * from './heartbeats.ts';
export * from './installation.ts';
export * from './notifications.ts';
export * from './people.ts';
export * from './receivers.ts';
export * from './rules.ts';
export * from './silences.ts';
export * from './sources.ts';
export * from './targets.ts';
export * from './topics.ts';
