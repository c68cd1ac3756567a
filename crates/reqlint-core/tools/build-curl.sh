#!/usr/bin/env bash
# Builds a current curl into the folder that is named, for tests about options that an installed one lacks.
#
#     crates/reqlint-core/tools/build-curl.sh target/tools/curl-8.22.0
#
# The sources are those inside the package `curl-sys` of crates.io. HTTP without TLS is enough here, so that a C
# compiler on Linux is all it takes: no configuration is run, and all files are compiled as two, in a few seconds. zlib,
# for `--compressed`, comes the same way.
set -euo pipefail
package="=0.4.91" # with curl 8.22.0
zlib="=1.1.31"

mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir src && touch src/lib.rs
cat >Cargo.toml <<EOF
[package]
name = "curl-source"
version = "0.0.0"
edition = "2024"
[dependencies]
curl-sys = { version = "$package", default-features = false }
libz-sys = { version = "$zlib", default-features = false }
EOF
cargo fetch --quiet
metadata=$(cargo metadata --quiet --format-version 1)
of() { dirname "$(grep -o "\"manifest_path\":\"[^\"]*/$1-[^\"]*\"" <<<"$metadata" | cut -d '"' -f 4)"; }
source=$(of curl-sys)/curl
zlib=$(of libz-sys)/src/zlib

flags=(-O0 -w -D_GNU_SOURCE '-DCURL_OS="linux"' "-I$source/include" "-I$source/lib" "-I$source/src" "-I$zlib")
flags+=(-DBUILDING_LIBCURL -DCURL_STATICLIB -DHTTP_ONLY -DUSE_IPV6 -DUSE_UNIX_SOCKETS -DUSE_RESOLV_THREADED -DHAVE_LIBZ)
flags+=(-DRECV_TYPE_RETV=ssize_t -DRECV_TYPE_ARG1=int '-DRECV_TYPE_ARG2=void*' -DRECV_TYPE_ARG3=size_t -DRECV_TYPE_ARG4=int)
flags+=(-DSEND_TYPE_RETV=ssize_t -DSEND_TYPE_ARG1=int '-DSEND_TYPE_ARG2=void*' -DSEND_TYPE_ARG3=size_t -DSEND_TYPE_ARG4=int)
flags+=(-DSEND_QUAL_ARG2=const)
has="ARPA_INET_H FCNTL_H LIBGEN_H LOCALE_H NETDB_H NETINET_IN_H NETINET_TCP_H NET_IF_H POLL_H PTHREAD_H PWD_H
  STDATOMIC_H STDBOOL_H STDINT_H STRINGS_H SYS_IOCTL_H SYS_SELECT_H SYS_SOCKET_H SYS_STAT_H SYS_TIME_H SYS_TYPES_H
  SYS_UN_H TERMIOS_H UNISTD_H UTIME_H ATOMIC BASENAME BOOL_T CLOCK_GETTIME_MONOTONIC DECL_FSEEKO FCNTL
  FCNTL_O_NONBLOCK FREEADDRINFO FSEEKO FTRUNCATE GETADDRINFO GETEUID GETPEERNAME GETPWUID_R GETSOCKNAME GETTIMEOFDAY
  GLIBC_STRERROR_R GMTIME_R INET_NTOP INET_PTON LOCALTIME_R PIPE POLL RECV SA_FAMILY_T SELECT SEND SETLOCALE SIGACTION
  SIGNAL SOCKADDR_IN6_SIN6_SCOPE_ID SOCKET SOCKETPAIR STRCASECMP STRERROR_R STRUCT_TIMEVAL SUSECONDS_T THREADS_POSIX
  UTIME"
for name in $has; do flags+=("-DHAVE_$name"); done
sizes="CURL_OFF_T=8 CURL_SOCKET_T=4 INT=4 LONG=8 OFF_T=8 SIZE_T=8 SSIZE_T=8 TIME_T=8"
for size in $sizes; do flags+=("-DSIZEOF_$size"); done

mkdir zlib && (cd zlib && cc -O0 -w -DHAVE_UNISTD_H -c "$zlib"/*.c) &
for part in lib src; do
  # curlinfo is a program of its own.
  find "$source/$part" -name '*.c' ! -name curlinfo.c | LC_ALL=C sort | sed 's/.*/#include "&"/' >"$part.c"
  cc "${flags[@]}" -c "$part.c" &
done
for job in $(jobs -p); do wait "$job"; done
cc lib.o src.o zlib/*.o -pthread -o "$folder/curl"
