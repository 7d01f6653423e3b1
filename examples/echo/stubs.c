/* The network of solo5.h for OCaml: a handle is an int, a frame is bytes. */
#include <caml/alloc.h>
#include <caml/fail.h>
#include <caml/memory.h>
#include <caml/mlvalues.h>
#include <caml/signals.h>
#include <solo5.h>

/* string -> int * string * int: the handle, the address, the MTU. */
value net_acquire(value name)
{
    CAMLparam1(name);
    CAMLlocal2(answer, address);
    solo5_handle_t handle;
    struct solo5_net_info info;
    if (solo5_net_acquire(String_val(name), &handle, &info) != SOLO5_R_OK)
        caml_failwith("the manifest names no such network, or it is taken");
    address = caml_alloc_initialized_string(SOLO5_NET_ALEN, (const char *)info.mac_address);
    answer = caml_alloc_tuple(3);
    Store_field(answer, 0, Val_long(handle));
    Store_field(answer, 1, address);
    Store_field(answer, 2, Val_long(info.mtu));
    CAMLreturn(answer);
}

/* int -> bytes -> int: how long the frame is that came; 0: none did. */
value net_read(value handle, value frame)
{
    size_t len = 0;
    switch (solo5_net_read(Long_val(handle), Bytes_val(frame), caml_string_length(frame), &len)) {
    case SOLO5_R_OK:
        return Val_long(len);
    case SOLO5_R_AGAIN:
        return Val_long(0);
    default:
        caml_failwith("the network cannot be read");
    }
}

/* int -> bytes -> int -> unit: send so many bytes. */
value net_write(value handle, value frame, value len)
{
    if (solo5_net_write(Long_val(handle), Bytes_val(frame), Long_val(len)) != SOLO5_R_OK)
        caml_failwith("the network takes no frame");
    return Val_unit;
}

/* unit -> unit: until something comes, or an hour. Other threads run meanwhile. */
value net_wait(value unit)
{
    const solo5_time_t hour = 3600ull * 1000000000;
    caml_enter_blocking_section();
    solo5_yield(solo5_clock_monotonic() + hour, NULL);
    caml_leave_blocking_section();
    return unit;
}
