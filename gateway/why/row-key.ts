/** How people outside name a row (行の指定): the fields of its report's key, and how deep they want to look. */
import { z } from 'zod';
import { type Fault, faulty, type Result } from '../../shared/result.ts';
import type { Report } from '../reports/report.ts';
import type { RowKey } from './why.ts';

/** Steps along the links in one answer. */
export const DEPTH_MAX = 4;
export const WhyDepth = z.coerce.number().int().min(0).max(DEPTH_MAX).default(1);

const VALUE_CHARS_MAX = 500;

/** The lists of a report whose rows have a why. */
export const listsOf = ({ besideKeys = {} }: Pick<Report, 'besideKeys'>): readonly string[] =>
  Object.keys(besideKeys);

/** The key of a report's own rows, or of the rows of a list beside them. */
const keyOf = ({ key, besideKeys }: Keyed, list: string | undefined): readonly string[] =>
  (list === undefined ? key : besideKeys?.[list]) ?? [];

type Keyed = Pick<Report, 'name' | 'key' | 'besideKeys'>;

/** A field that is left out, or empty, is one that the row does not have. */
export const parseRowKey = (
  report: Keyed,
  pairs: readonly (readonly [string, string])[],
  list?: string,
): Result<RowKey> => {
  const lists = listsOf(report);
  if (list !== undefined && !lists.includes(list)) {
    const known = lists.length === 0 ? 'there are none' : `there are ${lists.join(', ')}`;
    return faulty({ place: 'list', message: `is no list of ${report.name} with a why; ${known}` });
  }
  const key = keyOf(report, list);
  const name = list === undefined ? report.name : `${list} of ${report.name}`;
  const told = pairs.filter(([, value]) => value !== '');
  const faults: readonly Fault[] = [
    ...pairs.flatMap(([field, value], at) => [
      ...(key.includes(field)
        ? []
        : [{ place: field, message: `is no key of ${name}; its keys are ${key.join(', ')}` }]),
      ...(pairs.findIndex(([other]) => other === field) === at
        ? []
        : [{ place: field, message: 'is given twice' }]),
      ...(value.length <= VALUE_CHARS_MAX
        ? []
        : [{ place: field, message: `is longer than ${VALUE_CHARS_MAX}` }]),
    ]),
    ...(told.length === 0
      ? [{ place: '', message: `names no row; the keys of ${name} are ${key.join(', ')}` }]
      : []),
  ];
  return faults.length === 0
    ? { ok: true, value: Object.fromEntries(told) }
    : { ok: false, faults };
};

/** `field=value,field=value`; a comma within a value is one that no field of the key follows. */
export const keyPairs = (
  report: Keyed,
  text: string,
  list?: string,
): readonly (readonly [string, string])[] =>
  text.split(new RegExp(`,(?=(?:${keyOf(report, list).join('|')})=)`)).map((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  });
