// What each figure on /metrics means: the names that rooms count by, and a line that Prometheus shows beside them.

/** Counted from 0 on, so that the first of a kind is a change that can be asked about. */
export const plain: Readonly<Record<string, string>> = {
  tocsin_events_accepted_total: 'events that were committed, from whichever door or look',
  tocsin_events_duplicate_total: 'events that came again with the same id and were not taken twice',
  tocsin_events_kept_total: 'bodies kept because nobody has said yet what their fields mean',
  tocsin_events_processed_total: 'events that the rules were asked about',
  tocsin_events_quarantined_total: 'events set apart because evaluating them failed again and again',
  tocsin_rules_matched_total: 'rules that asked about a processed event, over all events',
  tocsin_ingest_flushes_total: 'commits by which events were taken, each with all that came meanwhile',
  tocsin_evaluation_collisions_total: 'evaluations done again because something had changed meanwhile',
  tocsin_emissions_stopped_total:
    'events of rules that were not made because they would have gone in a circle',
  tocsin_timer_failures_total: 'timers of rules and alerts that failed and will be tried again',
  tocsin_template_failures_total: 'messages told in the usual words because their template failed',
  tocsin_updates_failed_total: 'updates of Telegram that failed and will be tried again',
  tocsin_chat_failures_total: 'presses and messages that ended in a fault of ours',
  tocsin_chat_flood_waits_total: 'calls that waited because Telegram asked for it',
  tocsin_chat_plain_fallback_total: 'screens sent as plain text because Telegram did not take their form',
  tocsin_stream_opened_total: 'readers of the stream who came',
  tocsin_stream_ended_total: 'readers of the stream who went or were cut off',
};

/** Counted by labels: a series appears with its first value. */
export const labelled: Readonly<Record<string, string>> = {
  tocsin_events_refused_total: 'requests with events that were refused, by the code of the answer',
  tocsin_rule_failures_total: 'rules that failed on an event or timer, by kind; the event went on',
  tocsin_notifications_decided_total: 'notifications by what was decided about them, and why',
  tocsin_deliveries_total: 'attempts to tell, by channel and outcome',
  tocsin_edits_total: 'attempts to change a message that stands, by channel and outcome',
  tocsin_pauses_total: 'times that a channel or an address was left alone for a while',
  tocsin_plain_fallback_total: 'messages sent as plain text because the channel did not take their form',
  tocsin_addresses_lost_total: 'addresses switched off because they are gone for good, by channel',
  tocsin_forum_topics_total: 'forum topics asked for, by outcome',
  tocsin_broadcast_steps_total: 'steps of broadcasts',
  tocsin_acts_total: 'requests of actions, by action and outcome',
  tocsin_scrapes_total: 'looks at targets, up or down',
  tocsin_operations_total: 'what people, keys and the operator did, by verb and outcome',
  tocsin_chat_commands_total: 'commands in the chat',
  tocsin_chat_presses_total: 'presses of buttons in the chat',
  tocsin_polls_failed_total: 'questions for updates that Telegram did not answer',
  tocsin_bells_rung_total: 'doorbells given to the queue, by job',
  tocsin_bells_nearby_total: 'doorbells answered in the process that rang them, by job',
  tocsin_bells_swept_total: 'doorbells rung by the sweeper for what had waited too long, by job',
  tocsin_bells_direct_total: 'work that the sweeper did itself while the queue was away, by job',
  tocsin_bells_lost_total: 'doorbells that the queue did not take; the sweeper finds what they were for',
  tocsin_work_failed_total: 'work that failed and will be tried again, by job',
  tocsin_work_seconds: 'how long a piece of work took, by job',
  tocsin_event_wait_seconds: 'how old the oldest event of a batch was when the rules were asked about it',
};
