/*
 * `main` of an OCaml program that comes as a complete object. OCaml leaves out of
 * such an object what runs the functions of at_exit at the end (std_exit), and the
 * runtime's own main does not know them: what was printed last would be lost.
 */
#define CAML_INTERNALS
#include <caml/callback.h>
#include <caml/mlvalues.h>
#include <caml/printexc.h>
#include <caml/sys.h>

int main(int argc, char **argv)
{
    const value *at_exit;
    value result;

    (void)argc;
    caml_main(argv);
    at_exit = caml_named_value("Pervasives.do_at_exit");
    if (at_exit != NULL) {
        result = caml_callback_exn(*at_exit, Val_unit);
        if (Is_exception_result(result))
            caml_fatal_uncaught_exception(Extract_exception(result));
    }
    caml_do_exit(0);
}
