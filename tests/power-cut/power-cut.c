/*
 * A power cut, as a library to preload: only what was synced survives.
 *
 * Each fsync or fdatasync of a file below $POWER_CUT_ROOT copies that file, as it then is, into
 * $POWER_CUT_SURVIVES; files that were removed vanish there when their folder is synced. After the
 * process has been killed, the second folder is what a disk would hold that lost its power.
 * Not modelled: torn sectors, and disks that lie about a flush.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void copy_file(const char *from, const char *to)
{
    char buffer[65536], fresh[PATH_MAX + 8];
    ssize_t count;
    int in = open(from, O_RDONLY | O_CLOEXEC), out;
    if (in < 0) return;
    snprintf(fresh, sizeof fresh, "%s.fresh", to);
    out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out >= 0) {
        while ((count = read(in, buffer, sizeof buffer)) > 0)
            if (write(out, buffer, (size_t)count) != count) abort();
        close(out);
        rename(fresh, to);
    }
    close(in);
}

static void forget_removed(const char *root, const char *survives)
{
    char here[PATH_MAX], there[PATH_MAX];
    struct dirent *entry;
    DIR *folder = opendir(survives);
    if (!folder) return;
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.') continue;
        snprintf(here, sizeof here, "%s/%s", root, entry->d_name);
        snprintf(there, sizeof there, "%s/%s", survives, entry->d_name);
        if (access(here, F_OK) != 0) unlink(there);
    }
    closedir(folder);
}

static void survive(int fd)
{
    const char *root = getenv("POWER_CUT_ROOT"), *survives = getenv("POWER_CUT_SURVIVES");
    char link[64], path[PATH_MAX], to[PATH_MAX];
    struct stat about;
    ssize_t length;
    if (!root || !survives || fstat(fd, &about) != 0) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    if (strncmp(path, root, strlen(root)) != 0) return;
    if (S_ISDIR(about.st_mode)) {
        forget_removed(root, survives);
        return;
    }
    snprintf(to, sizeof to, "%s/%s", survives, strrchr(path, '/') + 1);
    copy_file(path, to);
}

int fsync(int fd)
{
    static int (*function)(int);
    int result;
    if (!function) function = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    result = function(fd);
    if (result == 0) survive(fd);
    return result;
}

int fdatasync(int fd)
{
    static int (*function)(int);
    int result;
    if (!function) function = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    result = function(fd);
    if (result == 0) survive(fd);
    return result;
}
