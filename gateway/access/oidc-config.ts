/** Settings of the OpenID Connect provider (認証サービスの設定), where people log in with an account that they have elsewhere. */
import { z } from 'zod';
import { isLoopbackUrl } from '../../shared/loopback.ts';
import { ScopeTexts } from './viewer.ts';

export const OidcConfig = z.strictObject({
  /** As the provider names itself; plain HTTP is for loopback only. */
  issuer: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine((url) => url.startsWith('https:') || isLoopbackUrl(url), 'must be https'),
  clientId: z.string().min(1).max(200),
  /** File with the client's secret; absent = a public client. */
  clientSecretFile: z.string().min(1).optional(),
  /** Words on the button. */
  title: z.string().min(1).max(40).default('会社のアカウントでログイン'),
  scope: z.string().min(1).max(300).default('openid profile'),
  /** Claim that becomes the account's name where it is one and free. */
  nameClaim: z.string().min(1).max(100).default('preferred_username'),
  /** Claim with the groups, one text or several. */
  scopesClaim: z.string().min(1).max(100).default('groups'),
  /** Scopes by group; who is in none of them does not get in. */
  scopesByValue: z.record(z.string().min(1).max(200), ScopeTexts),
});
export type OidcConfig = z.infer<typeof OidcConfig>;
