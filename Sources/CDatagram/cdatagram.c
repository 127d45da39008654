#define _GNU_SOURCE
#include "cdatagram.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

int cdatagram_send(int socket, const void *buffer, const cdatagram *datagrams, size_t count) {
    struct mmsghdr headers[CDATAGRAM_BATCH_MAX];
    struct iovec parts[CDATAGRAM_BATCH_MAX];
    if (count > CDATAGRAM_BATCH_MAX) count = CDATAGRAM_BATCH_MAX;
    memset(headers, 0, count * sizeof headers[0]);
    for (size_t i = 0; i < count; i++) {
        // sendmsg(2) reads from both; their types are not const for recvmsg(2)'s sake.
        parts[i].iov_base = (unsigned char *)buffer + datagrams[i].offset;
        parts[i].iov_len = datagrams[i].length;
        headers[i].msg_hdr.msg_name = (void *)datagrams[i].address;
        headers[i].msg_hdr.msg_namelen = datagrams[i].address_length;
        headers[i].msg_hdr.msg_iov = &parts[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    int sent = sendmmsg(socket, headers, (unsigned int)count, MSG_DONTWAIT);
    return sent < 0 ? -errno : sent;
}

int cdatagram_receive(
    int socket, void *buffer, size_t stride, cdatagram *datagrams, size_t count) {
    struct mmsghdr headers[CDATAGRAM_BATCH_MAX];
    struct iovec parts[CDATAGRAM_BATCH_MAX];
    if (count > CDATAGRAM_BATCH_MAX) count = CDATAGRAM_BATCH_MAX;
    memset(headers, 0, count * sizeof headers[0]);
    for (size_t i = 0; i < count; i++) {
        parts[i].iov_base = (unsigned char *)buffer + i * stride;
        parts[i].iov_len = stride;
        headers[i].msg_hdr.msg_name = datagrams[i].address;
        headers[i].msg_hdr.msg_namelen = sizeof datagrams[i].address;
        headers[i].msg_hdr.msg_iov = &parts[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    int received = recvmmsg(socket, headers, (unsigned int)count, MSG_DONTWAIT, NULL);
    if (received < 0) return -errno;
    for (int i = 0; i < received; i++) {
        datagrams[i].offset = (size_t)i * stride;
        datagrams[i].length = headers[i].msg_len;
        datagrams[i].address_length = headers[i].msg_hdr.msg_namelen;
    }
    return received;
}
