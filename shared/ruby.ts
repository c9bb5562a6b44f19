/** Furigana (ルビ) in a text: `{漢字|かんじ}`; screens draw it as ruby, everything else strips it. */

const RUBY = /\{([^{}|]*)\|([^{}|]*)\}/g;

export const withoutRuby = (text: string): string => text.replace(RUBY, '$1');

export interface RubyPart {
  readonly base: string;
  /** Absent: the text has none here. */
  readonly ruby?: string;
}

/** The text in order, cut where furigana begins and ends. */
export const rubyParts = (text: string): readonly RubyPart[] => {
  const parts: RubyPart[] = [];
  let at = 0;
  for (const match of text.matchAll(RUBY)) {
    const [whole, base = '', ruby = ''] = match;
    if (match.index > at) parts.push({ base: text.slice(at, match.index) });
    parts.push({ base, ruby });
    at = match.index + whole.length;
  }
  return at < text.length ? [...parts, { base: text.slice(at) }] : parts;
};
