/** Structured logs for journald: one JSON line an event, on stderr. Never a name, an id of a person or a card. */

export type LogFields = Readonly<Record<string, string | number>>;
export type Log = (message: string, fields?: LogFields) => void;

export const logTo =
  (service: string, write: (line: string) => void): Log =>
  (message, fields = {}) =>
    write(`${JSON.stringify({ service, message, ...fields })}\n`);
