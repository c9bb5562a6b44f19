/** The language that each worker chose at this terminal by one press (表示言語). */
import { z } from 'zod';
import { WorkerId } from '../shared/ids.ts';
import { Language } from '../shared/language.ts';

const Stored = z.array(z.tuple([WorkerId, Language])).max(50_000);
const WORKERS_MAX = 20_000;

export interface LanguageStore {
  readonly load: () => Uint8Array | undefined;
  readonly save: (bytes: Uint8Array) => void;
}

export interface WorkerLanguages {
  readonly of: (workerId: WorkerId) => Language | undefined;
  readonly choose: (workerId: WorkerId, language: Language) => void;
}

/** A file that does not read is a choice forgotten, and nothing worse. */
const read = (bytes: Uint8Array | undefined): z.infer<typeof Stored> => {
  try {
    return Stored.parse(JSON.parse(bytes === undefined ? '[]' : Buffer.from(bytes).toString()));
  } catch {
    return [];
  }
};

export const createWorkerLanguages = (store: LanguageStore): WorkerLanguages => {
  const chosen = new Map<WorkerId, Language>(read(store.load()));
  return {
    of: (workerId) => chosen.get(workerId),
    choose: (workerId, language) => {
      if (chosen.get(workerId) === language) return;
      chosen.delete(workerId);
      chosen.set(workerId, language);
      const [oldest] = chosen.keys();
      if (chosen.size > WORKERS_MAX && oldest !== undefined) chosen.delete(oldest);
      store.save(Buffer.from(JSON.stringify([...chosen])));
    },
  };
};
