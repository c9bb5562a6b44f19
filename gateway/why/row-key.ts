/** How people outside name a row (行の指定): the fields of its report's key, and how deep they want to look. */
import { z } from 'zod';
import type { Fault, Result } from '../../shared/result.ts';
import type { Report } from '../reports/report.ts';
import type { RowKey } from './why.ts';

/** Steps along the links in one answer. */
export const DEPTH_MAX = 4;
export const WhyDepth = z.coerce.number().int().min(0).max(DEPTH_MAX).default(1);

const VALUE_CHARS_MAX = 500;

/** A field that is left out, or empty, is one that the row does not have. */
export const parseRowKey = (
  { name, key }: Pick<Report, 'name' | 'key'>,
  pairs: readonly (readonly [string, string])[],
): Result<RowKey> => {
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
  { key }: Pick<Report, 'key'>,
  text: string,
): readonly (readonly [string, string])[] =>
  text.split(new RegExp(`,(?=(?:${key.join('|')})=)`)).map((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  });
