/* A few protocols for guests with networks: answers to ARP and ping, datagrams
 * to port 7 go back, one to port 9 asks for the end. The guest is 10.N.0.2 in
 * its network N. NET_MTU is the longest packet. */
#ifndef NET_H
#define NET_H

#ifndef NET_MTU
#define NET_MTU 1500
#endif

#include <solo5.h>
#include <string.h>

struct interface {
    solo5_handle_t handle;
    struct solo5_net_info info;
    unsigned char address[4];
    unsigned long answers, errors;
};

static unsigned net_word(const unsigned char *bytes)
{
    return bytes[0] << 8 | bytes[1];
}

static unsigned net_sum(const unsigned char *bytes, size_t len)
{
    unsigned long sum = 0;

    for (size_t i = 0; i + 1 < len; i += 2)
        sum += net_word(bytes + i);
    if (len % 2 != 0)
        sum += bytes[len - 1] << 8;
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static void net_put(unsigned char *bytes, unsigned value)
{
    bytes[0] = (unsigned char)(value >> 8);
    bytes[1] = (unsigned char)value;
}

static void net_swap(unsigned char *a, unsigned char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char saved = a[i];

        a[i] = b[i];
        b[i] = saved;
    }
}

/* Turn a frame into its answer: its length, 0: there is none, -1: the end. */
static int net_answer(struct interface *on, unsigned char *frame, size_t len)
{
    unsigned char *ip = frame + 14;
    size_t all;

    if (len >= 42 && net_word(frame + 12) == 0x806) {
        if (net_word(frame + 20) != 1 || memcmp(frame + 38, on->address, 4) != 0)
            return 0;
        net_put(frame + 20, 2);
        memcpy(frame + 32, frame + 22, 10);
        memcpy(frame + 22, on->info.mac_address, 6);
        memcpy(frame + 28, on->address, 4);
        memcpy(frame, frame + 32, 6);
        memcpy(frame + 6, on->info.mac_address, 6);
        return 42;
    }
    if (len < 42 || net_word(frame + 12) != 0x800 || ip[0] != 0x45)
        return 0;
    all = net_word(ip + 2);
    if (all < 28 || all > len - 14 || memcmp(ip + 16, on->address, 4) != 0)
        return 0;
    if (net_sum(ip, 20) != 0)
        return 0;
    if (ip[9] == 1 && ip[20] == 8) {
        ip[20] = 0;
        net_put(ip + 22, 0);
        net_put(ip + 22, net_sum(ip + 20, all - 20));
    } else if (ip[9] == 17 && net_word(ip + 22) == 7) {
        net_swap(ip + 20, ip + 22, 2);
        net_put(ip + 26, 0);
    } else if (ip[9] == 17 && net_word(ip + 22) == 9) {
        return -1;
    } else {
        return 0;
    }
    net_swap(ip + 12, ip + 16, 4);
    memcpy(frame, frame + 6, 6);
    memcpy(frame + 6, on->info.mac_address, 6);
    return (int)(14 + all);
}

/* Answer what has come, some of it, so that no network waits for another one;
 * whether the end was asked for. */
static int net_serve(struct interface *on)
{
    unsigned char frame[14 + NET_MTU];
    size_t len;

    for (int turn = 0; turn < 16; turn++) {
        solo5_result_t result = solo5_net_read(on->handle, frame, sizeof frame, &len);
        int answer;

        if (result != SOLO5_R_OK) {
            on->errors += result != SOLO5_R_AGAIN;
            break;
        }
        answer = net_answer(on, frame, len);
        if (answer < 0)
            return 1;
        if (answer == 0)
            continue;
        if (solo5_net_write(on->handle, frame, (size_t)answer) == SOLO5_R_OK)
            on->answers++;
        else
            on->errors++;
    }
    return 0;
}

#endif
