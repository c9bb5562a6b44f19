/** Who somebody is here, by what their provider says of them (認証サービスの利用者). */
import { hash } from 'node:crypto';
import type { UtcMs } from '../../shared/time.ts';
import { type Account, AccountName, type AccountStore } from './accounts.ts';
import type { OidcConfig } from './oidc-config.ts';

export interface ProviderPerson {
  readonly externalId: string;
  /** The name as the provider has it, where it can be an account's. */
  readonly name: string | undefined;
  readonly scopes: readonly string[];
}

/** Who that is for us; undefined without a subject or without any scope. Pure. */
export const personOf = (
  claims: Readonly<Record<string, unknown>>,
  { issuer, nameClaim, scopesClaim, scopesByValue }: OidcConfig,
): ProviderPerson | undefined => {
  const subject = claims.sub;
  const said = claims[scopesClaim];
  const groups = (Array.isArray(said) ? said : [said]).filter((each) => typeof each === 'string');
  const scopes = [
    ...new Set(
      groups.flatMap((group) =>
        Object.hasOwn(scopesByValue, group) ? (scopesByValue[group] ?? []) : [],
      ),
    ),
  ].sort();
  if (typeof subject !== 'string' || subject === '' || scopes.length === 0) return undefined;
  const name = claims[nameClaim];
  const named = AccountName.safeParse(typeof name === 'string' ? name.toLowerCase() : undefined);
  return { externalId: `${issuer} ${subject}`, name: named.data, scopes };
};

/** Their account, made at the first log-in, with the scopes that the provider's groups give today. */
export const accountOfPerson = (
  accounts: AccountStore,
  { externalId, name, scopes }: ProviderPerson,
  now: UtcMs,
): Account | undefined => {
  const known = accounts.byExternalId(externalId);
  if (known !== undefined) {
    accounts.setScopes(known.userNo, scopes);
    return accounts.byNo(known.userNo);
  }
  const fallback = `oidc-${hash('sha256', externalId).slice(0, 12)}`;
  const add = (as: string) => accounts.add({ name: as, scopes, externalId, createdAt: now });
  // A name that is somebody's here stays theirs, whatever a provider calls its people.
  return (name === undefined ? undefined : add(name)) ?? add(fallback);
};
