/** Starts a virtual reader and follows it, until somebody kills this process: `pcsc-owner CACHE`. */
import { pcscReaders } from '../../device/readers/pcsc.ts';
import { startVirtualPcscd } from '../../provisioning/virtual-reader/virtual-pcscd.ts';

const pcscd = await startVirtualPcscd(process.argv[2] ?? '');
if (pcscd.kind !== 'running') throw new Error(pcscd.reason);
pcscReaders({ daemonSocket: pcscd.stableSocket })((event) => {
  if (event.kind === 'reader-attached') process.send?.({ pcscd: pcscd.pid() });
});
