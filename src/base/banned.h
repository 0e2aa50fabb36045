// SPDX-License-Identifier: Apache-2.0
// Functions that are not used here, because they overflow, keep hidden state, or depend on the
// environment. Each use is a compile error that names the function. Included by base/str.h, so
// it reaches every file. Memory, clocks and the environment are allowed where their home is: a
// file of base or sys says so with BANNED_EXCEPT_SYSTEM before its first include.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name) name##_is_banned_see_base_banned_h
#undef strcpy
#define strcpy(a, b) BANNED(strcpy)
#undef strcat
#define strcat(a, b) BANNED(strcat)
#undef strncpy
#define strncpy(a, b, c) BANNED(strncpy)
#undef strncat
#define strncat(a, b, c) BANNED(strncat)
#undef strtok
#define strtok(a, b) BANNED(strtok)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(a, b, c) BANNED(vsprintf)
#undef gets
#define gets(a) BANNED(gets)
#undef atoi
#define atoi(a) BANNED(atoi)
#undef atol
#define atol(a) BANNED(atol)
#undef alloca
#define alloca(a) BANNED(alloca)
#undef setjmp
#define setjmp(a) BANNED(setjmp)
#undef longjmp
#define longjmp(a, b) BANNED(longjmp)
#undef rand
#define rand() BANNED(rand)
#undef srand
#define srand(a) BANNED(srand)
#undef gmtime
#define gmtime(a) BANNED(gmtime)
#undef localtime
#define localtime(a) BANNED(localtime)
#undef ctime
#define ctime(a) BANNED(ctime)
#undef asctime
#define asctime(a) BANNED(asctime)
#undef setlocale
#define setlocale(a, b) BANNED(setlocale)
#ifndef BANNED_EXCEPT_SYSTEM
#undef malloc
#define malloc(a) BANNED(malloc)
#undef calloc
#define calloc(a, b) BANNED(calloc)
#undef realloc
#define realloc(a, b) BANNED(realloc)
#undef time
#define time(a) BANNED(time)
#undef clock_gettime
#define clock_gettime(a, b) BANNED(clock_gettime)
#undef getenv
#define getenv(a) BANNED(getenv)
#endif
