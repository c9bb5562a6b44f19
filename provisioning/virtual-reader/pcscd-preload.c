/*
 * Preloaded into pcscd for the virtual reader: makes Debian's unchanged daemon believe in a USB plug.
 *
 * - libudev: one USB device, there unless $VIRTUAL_READER_DIR/unplugged exists; '+' and '-' written to
 *   the pipe $VIRTUAL_READER_DIR/hotplug plug it in and pull it, through pcscd's real hot-plug code.
 * - The emulator's socket listens on loopback only, and small frames are not held back (Nagle).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *in_dir(char *path, size_t size, const char *name)
{
    const char *dir = getenv("VIRTUAL_READER_DIR");
    snprintf(path, size, "%s/%s", dir ? dir : "/nonexistent", name);
    return path;
}

int accept(int fd, struct sockaddr *address, socklen_t *length)
{
    static int (*function)(int, struct sockaddr *, socklen_t *);
    int one = 1, accepted;
    if (!function) function = (int (*)(int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "accept");
    accepted = function(fd, address, length);
    if (accepted >= 0) setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return accepted;
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    static int (*function)(int, const struct sockaddr *, socklen_t);
    struct sockaddr_in loopback;
    if (!function) function = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind");
    if (address->sa_family != AF_INET || length < sizeof loopback) return function(fd, address, length);
    memcpy(&loopback, address, sizeof loopback);
    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return function(fd, (struct sockaddr *)&loopback, sizeof loopback);
}

/* Opaque handles of libudev; one of each is enough. */
static int handle;
static const char *const SYSPATH = "/sys/devices/virtual-reader";
struct device { const char *action; };
static struct device plugged = {"add"}, pulled = {"remove"};

void *udev_new(void) { return &handle; }
void *udev_unref(void *udev) { (void)udev; return NULL; }
void *udev_monitor_new_from_netlink(void *udev, const char *name) { (void)udev; (void)name; return &handle; }
int udev_monitor_filter_add_match_subsystem_devtype(void *monitor, const char *subsystem, const char *devtype)
{
    (void)monitor; (void)subsystem; (void)devtype;
    return 0;
}
int udev_monitor_enable_receiving(void *monitor) { (void)monitor; return 0; }
void *udev_monitor_unref(void *monitor) { (void)monitor; return NULL; }
int udev_monitor_get_fd(void *monitor)
{
    static int fd = -1;
    char path[4096];
    (void)monitor;
    if (fd < 0) fd = open(in_dir(path, sizeof path, "hotplug"), O_RDWR | O_CLOEXEC);
    return fd;
}
void *udev_monitor_receive_device(void *monitor)
{
    char what;
    if (read(udev_monitor_get_fd(monitor), &what, 1) != 1) return NULL;
    return what == '+' ? &plugged : &pulled;
}

void *udev_enumerate_new(void *udev) { (void)udev; return &handle; }
void *udev_enumerate_unref(void *enumerate) { (void)enumerate; return NULL; }
int udev_enumerate_add_match_subsystem(void *enumerate, const char *subsystem)
{
    (void)enumerate; (void)subsystem;
    return 0;
}
int udev_enumerate_add_match_property(void *enumerate, const char *property, const char *value)
{
    (void)enumerate; (void)property; (void)value;
    return 0;
}
int udev_enumerate_scan_devices(void *enumerate) { (void)enumerate; return 0; }
void *udev_enumerate_get_list_entry(void *enumerate)
{
    char path[4096];
    (void)enumerate;
    return access(in_dir(path, sizeof path, "unplugged"), F_OK) == 0 ? NULL : &handle;
}
void *udev_list_entry_get_next(void *entry) { (void)entry; return NULL; }
const char *udev_list_entry_get_name(void *entry) { (void)entry; return SYSPATH; }

void *udev_device_new_from_syspath(void *udev, const char *path) { (void)udev; (void)path; return &plugged; }
void *udev_device_ref(void *device) { return device; }
void *udev_device_unref(void *device) { (void)device; return NULL; }
void *udev_device_get_parent_with_subsystem_devtype(void *device, const char *subsystem, const char *devtype)
{
    (void)subsystem; (void)devtype;
    return device;
}
const char *udev_device_get_devnode(void *device) { (void)device; return "/dev/null"; }
const char *udev_device_get_syspath(void *device) { (void)device; return SYSPATH; }
const char *udev_device_get_sysname(void *device) { (void)device; return "virtual-reader"; }
const char *udev_device_get_action(void *device) { return ((struct device *)device)->action; }
const char *udev_device_get_sysattr_value(void *device, const char *name)
{
    (void)device;
    if (strcmp(name, "idVendor") == 0) return "1209";
    if (strcmp(name, "idProduct") == 0) return "0001";
    if (strcmp(name, "bInterfaceNumber") == 0) return "00";
    return NULL;
}
