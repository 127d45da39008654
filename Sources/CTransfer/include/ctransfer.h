// curl_easy_setopt(3) and curl_easy_getinfo(3) take arguments of any type, which Swift cannot
// call. Each of these calls the function whose address it is given, with one type.
#pragma once
#include <stdint.h>

int ctransfer_set_number(void *setopt, void *handle, int option, long value);
int ctransfer_set_large(void *setopt, void *handle, int option, int64_t value);
int ctransfer_set_pointer(void *setopt, void *handle, int option, const void *value);
// 0 where libcurl knows no such number.
long ctransfer_number(void *getinfo, void *handle, int info);
int64_t ctransfer_large(void *getinfo, void *handle, int info);
