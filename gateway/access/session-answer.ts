/** What the console's pages are told about who is logged in (ログインの状態). Types only: pages read them too. */

/** What a page of the console is told about itself. */
export type SessionAnswer =
  | {
      readonly isLoggedIn: false;
      /** Undefined where no provider is set up; else the words on its button. */
      readonly provider?: string | undefined;
    }
  | {
      readonly isLoggedIn: true;
      readonly name: string;
      readonly scopes: readonly string[];
      readonly isAdmin: boolean;
      readonly csrf: string;
      readonly hasPassword: boolean;
      /** Whether they log in at a provider: then there is nothing to set here. */
      readonly isFromProvider: boolean;
      /** Whether passkeys and a first password may be set in this session. */
      readonly isFresh: boolean;
    };
