/** A changed document as the gateway would have signed it, so that what lies behind the signature is reached too. */
import { encodeSigned } from '../../shared/signed-document.ts';
import { gatewaySigner } from '../fixtures/identities.ts';

export const signedAnew = (input: Buffer, purpose: string): Buffer =>
  encodeSigned(purpose, input.toString('utf8').split('\n').slice(1).join('\n'), gatewaySigner);
