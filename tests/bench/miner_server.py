"""A very cheap miner: a C program that answers on every loopback address with ready replies.

It is compiled on the spot and runs on a processor of its own, so that what is measured of a client
is the client. One socket stands for all addresses; after each reply it hangs up, as miners do.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

UPTIME_S = 1_000_000_000

SERVER = r"""
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct entry { char name[256]; char *reply; size_t size; int at[32], times; } table[32];
int entries;

static void load(const char *path)
{
    FILE *file = fopen(path, "rb");
    while (file && entries < 32 &&
           fscanf(file, "%255s %zu", table[entries].name, &table[entries].size) == 2) {
        struct entry *one = &table[entries++];
        fgetc(file);
        one->reply = malloc(one->size);
        if (fread(one->reply, 1, one->size, file) != one->size) exit(2);
        char *from = one->reply;
        while (one->times < 32 &&
               (from = memmem(from, one->reply + one->size - from, "1000000000", 10))) {
            one->at[one->times++] = from - one->reply;
            from += 10;
        }
    }
}

/* The uptime goes on, or nobody would believe the rest. */
static void age(struct entry *one)
{
    struct timespec now;
    char digits[16];
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(digits, sizeof digits, "%ld", 1000000000 + now.tv_sec % 1000000000);
    for (int n = 0; n < one->times; n++) memcpy(one->reply + one->at[n], digits, 10);
}

static struct entry *meant(char *text)
{
    char *from = strstr(text, "\"command\""), *to;
    if (from) {
        from = strchr(from + 9, '"');
        to = from ? strchr(from + 1, '"') : NULL;
        if (to) { *to = 0; from++; }
    }
    for (int n = 0; from && n < entries; n++)
        if (!strcmp(table[n].name, from)) return &table[n];
    return &table[0];
}

int main(int argc, char **argv)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    int on = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
    socklen_t size = sizeof place;
    load(argv[2]);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *)&place, size) || listen(door, 4096)) {
        perror("no door");
        return 1;
    }
    getsockname(door, (struct sockaddr *)&place, &size);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &event);
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poll, events, 256, -1);
        for (int n = 0; n < ready; n++) {
            int fd = events[n].data.fd;
            if (fd == door) {
                while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    event.events = EPOLLIN;
                    event.data.fd = fd;
                    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
                }
                continue;
            }
            char text[4096];
            ssize_t heard = recv(fd, text, 4095, 0);
            if (heard > 0) {
                text[heard] = 0;
                struct entry *one = meant(text);
                age(one);
                if (send(fd, one->reply, one->size, MSG_NOSIGNAL) < 0) heard = 0;
            }
            close(fd);
        }
    }
}
"""

CLIENT = r"""
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port, begun, poll;
static const char *request;

static void begin(int polls, int units)
{
    if (begun >= polls) return;
    int unit = begun++ % units;
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    place.sin_addr.s_addr = htonl(0x7f010001 + unit);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect(fd, (struct sockaddr *)&place, sizeof place) && errno != EINPROGRESS) exit(3);
    struct epoll_event event = {.events = EPOLLOUT, .data.fd = fd};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

int main(int argc, char **argv)
{
    struct timespec before, after;
    int units = atoi(argv[2]), polls = atoi(argv[3]), together = atoi(argv[4]), done = 0;
    static char reply[262144];
    struct epoll_event events[256];
    port = atoi(argv[1]);
    request = argv[5];
    poll = epoll_create1(0);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    for (int n = 0; n < together; n++) begin(polls, units);
    while (done < polls) {
        int ready = epoll_wait(poll, events, 256, 5000);
        if (ready <= 0) return 4;
        for (int n = 0; n < ready; n++) {
            int fd = events[n].data.fd;
            if (events[n].events & EPOLLOUT) {
                struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
                if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) return 5;
                epoll_ctl(poll, EPOLL_CTL_MOD, fd, &event);
                continue;
            }
            ssize_t heard = recv(fd, reply, sizeof reply, 0);
            if (heard > 0 && reply[heard - 1] != 0) continue;
            if (heard <= 0) return 6;
            close(fd);
            done++;
            begin(polls, units);
        }
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    printf("%.3f\n", ((after.tv_sec - before.tv_sec) * 1e6
                      + (after.tv_nsec - before.tv_nsec) / 1e3) / polls);
    return 0;
}
"""


class Missing(Exception):  # noqa: N818 - the compiler is missing, nothing went wrong
    """There is no C compiler here."""


def compiled(source: str, folder: Path, name: str) -> Path:
    """A small C program, made on the spot."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Missing("there is no C compiler")
    file = folder / f"{name}.c"
    file.write_text(source, encoding="utf-8")
    program = folder / name
    subprocess.run([compiler, "-O2", "-w", "-o", program, file], check=True)
    return program


@contextmanager
def served(replies: Mapping[str, bytes], port: int = 0) -> Iterator[int]:
    """The port at which every loopback address answers, for as long as the block lasts.

    The first reply is also the one to what is not known. UPTIME_S in a reply goes on as time does.
    """
    with tempfile.TemporaryDirectory(prefix="miner-server-") as name:
        folder = Path(name)
        program = compiled(SERVER, folder, "server")
        table = b"".join(
            f"{command} {len(said)}\n".encode() + said for command, said in replies.items()
        )
        (folder / "replies").write_bytes(table)
        command = [str(program), str(port), str(folder / "replies")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
            try:
                assert process.stdout is not None, "it was asked for"
                yield int(process.stdout.readline())
            finally:
                process.terminate()
