#include "ctransfer.h"

typedef int variadic(void *handle, int option, ...);

int ctransfer_set_number(void *setopt, void *handle, int option, long value) {
    return ((variadic *)setopt)(handle, option, value);
}

int ctransfer_set_large(void *setopt, void *handle, int option, int64_t value) {
    return ((variadic *)setopt)(handle, option, value);
}

int ctransfer_set_pointer(void *setopt, void *handle, int option, const void *value) {
    return ((variadic *)setopt)(handle, option, value);
}

long ctransfer_number(void *getinfo, void *handle, int info) {
    long value = 0;
    return ((variadic *)getinfo)(handle, info, &value) == 0 ? value : 0;
}

int64_t ctransfer_large(void *getinfo, void *handle, int info) {
    int64_t value = 0;
    return ((variadic *)getinfo)(handle, info, &value) == 0 ? value : 0;
}
