// sendmmsg(2) and recvmmsg(2), which the C library declares only with _GNU_SOURCE and which the
// Swift overlay of the C library therefore does not show.
#pragma once
#include <stddef.h>
#include <stdint.h>

// One datagram of a buffer that holds many.
typedef struct {
    size_t offset;
    size_t length;
    // A sockaddr_in or sockaddr_in6; the length says which.
    unsigned char address[28];
    unsigned int address_length;
} cdatagram;

// Datagrams of one system call.
#define CDATAGRAM_BATCH_MAX 64

// Sends datagrams in order, without waiting: how many the kernel took, or a negative errno that
// concerns the first one. `buffer` and `datagrams` are only read during the call.
int cdatagram_send(int socket, const void *buffer, const cdatagram *datagrams, size_t count);

// Takes what waits on a socket, without waiting: how many datagrams came, or a negative errno.
// Datagram i is written to `buffer` at i * `stride`, cut off beyond that many bytes, and described
// by `datagrams[i]`. `buffer` has room for `count` of them.
int cdatagram_receive(
    int socket, void *buffer, size_t stride, cdatagram *datagrams, size_t count);
