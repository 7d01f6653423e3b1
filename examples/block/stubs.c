/* The block device of solo5.h for OCaml: a handle is an int, a block is bytes. */
#include <caml/alloc.h>
#include <caml/fail.h>
#include <caml/memory.h>
#include <caml/mlvalues.h>
#include <solo5.h>

/* string -> int * int * int: the handle, bytes in all, bytes of a block. */
value block_acquire(value name)
{
    CAMLparam1(name);
    CAMLlocal1(answer);
    solo5_handle_t handle;
    struct solo5_block_info info;
    if (solo5_block_acquire(String_val(name), &handle, &info) != SOLO5_R_OK)
        caml_failwith("the manifest names no such block device, or it is taken");
    answer = caml_alloc_tuple(3);
    Store_field(answer, 0, Val_long(handle));
    Store_field(answer, 1, Val_long(info.capacity));
    Store_field(answer, 2, Val_long(info.block_size));
    CAMLreturn(answer);
}

/* int -> int -> bytes -> unit: the block at this offset. */
value block_read(value handle, value offset, value block)
{
    if (solo5_block_read(Long_val(handle), Long_val(offset), Bytes_val(block),
                         caml_string_length(block)) != SOLO5_R_OK)
        caml_failwith("the block cannot be read");
    return Val_unit;
}

/* The same. */
value block_write(value handle, value offset, value block)
{
    if (solo5_block_write(Long_val(handle), Long_val(offset), Bytes_val(block),
                          caml_string_length(block)) != SOLO5_R_OK)
        caml_failwith("the block cannot be written");
    return Val_unit;
}
