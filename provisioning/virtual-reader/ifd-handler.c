/*
 * Driver of the virtual reader: vsmartcard's own, wrapped.
 *
 * Adds what the emulator lacks: pcscd is woken every few milliseconds, as a USB reader's interrupt
 * endpoint would, in place of its 400 ms poll; and while the file $VIRTUAL_READER_DIR/unplugged exists
 * the device is gone, as if its plug had been pulled. And a card that goes is seen to go: the emulator
 * notices it at whatever it is asked next, and takes the card that waits behind it within microseconds. The
 * daemon asks whether a card is there in one thread at each poll, and also before it switches a card on or
 * off; only the answer at the poll counts for it, so it would never know that there is another now. In the
 * field of a real reader the one must be gone before the other comes.
 *
 * Two cards in one field are made by files: while collision-N is there, a card in slot N is seen and cannot be
 * activated, as where two answer at once; while gapless-N is there, the card that waits behind the one that goes
 * takes its place without the field having been empty, and wants to be activated before it answers.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <PCSC/ifdhandler.h>

#ifndef TAG_IFD_POLLING_THREAD_WITH_TIMEOUT
#define TAG_IFD_POLLING_THREAD_WITH_TIMEOUT 0x0FB1
#endif

static const char *const VPCD = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
static const useconds_t POLL_US = 5000;

static void *real(const char *name)
{
    static void *library;
    if (!library) library = dlopen(VPCD, RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, name) : NULL;
}

static int is_there(const char *name)
{
    const char *dir = getenv("VIRTUAL_READER_DIR");
    char path[4096];
    if (!dir) return 0;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static int unplugged(void) { return is_there("unplugged"); }

static int of_slot(const char *name, DWORD Lun)
{
    char file[64];
    snprintf(file, sizeof file, "%s-%u", name, (unsigned int)(Lun & 0xff));
    return is_there(file);
}

/* The daemon's thread that polls one slot, and whether it has waited since it last asked. */
static __thread int polls;
static __thread int has_waited;

static RESPONSECODE wait_for_event(DWORD Lun, int timeout_ms)
{
    (void)Lun;
    (void)timeout_ms;
    if (unplugged()) return IFD_NO_SUCH_DEVICE;
    usleep(POLL_US);
    polls = 1;
    has_waited = 1;
    return IFD_SUCCESS;
}

#define FORWARD(name, parameters, arguments)                     \
    RESPONSECODE name parameters                                  \
    {                                                             \
        static RESPONSECODE (*function) parameters;               \
        if (unplugged()) return IFD_NO_SUCH_DEVICE;               \
        if (!function) function = (RESPONSECODE (*) parameters)real(#name); \
        return function ? function arguments : IFD_COMMUNICATION_ERROR; \
    }

/* The port stands in the configuration as DEVICENAME /dev/null:0xPORT, which vpcd reads itself. */
RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
    static RESPONSECODE (*function)(DWORD, LPSTR);
    const char *port = getenv("VIRTUAL_READER_PORT");
    char name[64];
    if (unplugged()) return IFD_NO_SUCH_DEVICE;
    if (!function) function = (RESPONSECODE(*)(DWORD, LPSTR))real("IFDHCreateChannelByName");
    if (!function) return IFD_COMMUNICATION_ERROR;
    if (!port) return function(Lun, DeviceName);
    snprintf(name, sizeof name, "/dev/null:%s", port);
    return function(Lun, name);
}

/* By slot: its card was found gone; and the polling thread has been told. The daemon asks one thing at a time. */
static volatile sig_atomic_t gone[16];
static volatile sig_atomic_t told[16];
/* By slot: what lies there took the place of another, and has not been activated. */
static volatile sig_atomic_t sleeps[16];
/* By slot: a card was there when it was asked last. */
static volatile sig_atomic_t lay[16];
/* A card that waits is let in within this many questions. */
static const int QUESTIONS_MAX = 20;

static volatile sig_atomic_t *gone_from(DWORD Lun)
{
    return &gone[(Lun & 0xffff) % 16];
}

static volatile sig_atomic_t *sleeps_in(DWORD Lun)
{
    return &sleeps[(Lun & 0xffff) % 16];
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD Length)
{
    static RESPONSECODE (*function)(DWORD, DWORD, PUCHAR, PDWORD);
    RESPONSECODE result;
    if (unplugged()) return IFD_NO_SUCH_DEVICE;
    if (!function) function = (RESPONSECODE(*)(DWORD, DWORD, PUCHAR, PDWORD))real("IFDHPowerICC");
    if (!function) return IFD_COMMUNICATION_ERROR;
    if (Action != IFD_POWER_DOWN && of_slot("collision", Lun)) return IFD_ERROR_POWER_ACTION;
    result = function(Lun, Action, Atr, Length);
    if (result == IFD_SUCCESS) *sleeps_in(Lun) = Action == IFD_POWER_DOWN;
    else if (of_slot("gapless", Lun)) *sleeps_in(Lun) = 1;
    else *gone_from(Lun) = 1;
    return result;
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR Tx, DWORD TxLength,
                               PUCHAR Rx, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
    static RESPONSECODE (*function)(DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER);
    RESPONSECODE result;
    if (unplugged()) return IFD_NO_SUCH_DEVICE;
    if (!function)
        function = (RESPONSECODE(*)(DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER))
            real("IFDHTransmitToICC");
    if (!function) return IFD_COMMUNICATION_ERROR;
    if (*sleeps_in(Lun)) {
        *RxLength = 0;
        return IFD_COMMUNICATION_ERROR;
    }
    result = function(Lun, SendPci, Tx, TxLength, Rx, RxLength, RecvPci);
    /* A card that goes before it answers has answered nothing, says the emulator. */
    if (result == IFD_SUCCESS && *RxLength != 0) return result;
    if (of_slot("gapless", Lun)) {
        *sleeps_in(Lun) = 1;
        return IFD_COMMUNICATION_ERROR;
    }
    *gone_from(Lun) = 1;
    return result;
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
    static RESPONSECODE (*function)(DWORD);
    const DWORD slot = (Lun & 0xffff) % 16;
    volatile sig_atomic_t *is_told = &told[slot];
    if (unplugged()) return IFD_NO_SUCH_DEVICE;
    /* Gone stays gone until the poll itself was answered so: it is the last question before the thread waits. */
    if (polls && has_waited && *is_told) *gone_from(Lun) = *is_told = 0;
    has_waited = 0;
    if (!*gone_from(Lun)) {
        RESPONSECODE result;
        if (!function) function = (RESPONSECODE(*)(DWORD))real("IFDHICCPresence");
        result = function ? function(Lun) : IFD_COMMUNICATION_ERROR;
        for (int asked = 1; asked < QUESTIONS_MAX && result == IFD_ICC_NOT_PRESENT && lay[slot] &&
                            of_slot("gapless", Lun); asked += 1) {
            *sleeps_in(Lun) = 1;
            result = function(Lun);
        }
        lay[slot] = result == IFD_ICC_PRESENT;
        if (result != IFD_ICC_NOT_PRESENT) return result;
        *gone_from(Lun) = 1;
        *sleeps_in(Lun) = 0;
    }
    if (polls) *is_told = 1;
    return IFD_ICC_NOT_PRESENT;
}

FORWARD(IFDHCreateChannel, (DWORD Lun, DWORD Channel), (Lun, Channel))

RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
    RESPONSECODE (*function)(DWORD) = (RESPONSECODE(*)(DWORD))real("IFDHCloseChannel");
    return function ? function(Lun) : IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
    RESPONSECODE (*function)(DWORD, DWORD, PDWORD, PUCHAR);
    if (Tag == TAG_IFD_POLLING_THREAD_WITH_TIMEOUT) {
        if (*Length < sizeof(void *)) return IFD_ERROR_TAG;
        *Length = sizeof(void *);
        *(void **)Value = (void *)wait_for_event;
        return IFD_SUCCESS;
    }
    /* As the USB driver tells it: 0x0020, bus, device. Bus 1; the slots are devices 1 and 2. */
    if (Tag == 0x20110) {
        const unsigned int channel = 0x00200101u + (unsigned int)(Lun & 0xff);
        if (*Length < sizeof channel) return IFD_ERROR_TAG;
        *Length = sizeof channel;
        memcpy(Value, &channel, sizeof channel);
        return IFD_SUCCESS;
    }
    function = (RESPONSECODE(*)(DWORD, DWORD, PDWORD, PUCHAR))real("IFDHGetCapabilities");
    return function ? function(Lun, Tag, Length, Value) : IFD_ERROR_TAG;
}

FORWARD(IFDHSetCapabilities, (DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value), (Lun, Tag, Length, Value))
FORWARD(IFDHSetProtocolParameters,
        (DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR P1, UCHAR P2, UCHAR P3),
        (Lun, Protocol, Flags, P1, P2, P3))
FORWARD(IFDHControl,
        (DWORD Lun, DWORD Code, PUCHAR Tx, DWORD TxLength, PUCHAR Rx, DWORD RxLength, LPDWORD Returned),
        (Lun, Code, Tx, TxLength, Rx, RxLength, Returned))
