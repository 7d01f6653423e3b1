//! `<ctype.h>`: the "C" locale. A number that is no ASCII character is in no class
//! and is its own upper and lower case.

use core::ffi::c_int;

use super::locale::Locale;

/// The ASCII character with this number; 0x80, which is in no class, for others.
fn ascii(c: c_int) -> u8 {
    u8::try_from(c).unwrap_or(0x80)
}

macro_rules! classes {
    ($($name:ident $name_l:ident: $what:literal, $test:expr;)*) => {$(
        #[doc = concat!("Whether `c` is ", $what, ".\n\nSource: C11 7.4.1.")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(c: c_int) -> c_int {
            let test: fn(&u8) -> bool = $test;
            c_int::from(test(&ascii(c)))
        }

        #[doc = concat!("[`", stringify!($name), "`] in a locale, which can only be \"C\".\n\nSource: POSIX.1-2024.")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name_l(c: c_int, _locale: *mut Locale) -> c_int {
            $name(c)
        }
    )*};
}

classes! {
    isalnum isalnum_l: "a letter or a digit", u8::is_ascii_alphanumeric;
    isalpha isalpha_l: "a letter", u8::is_ascii_alphabetic;
    isblank isblank_l: "a space or a tab", |c| matches!(c, b' ' | b'\t');
    iscntrl iscntrl_l: "a control character", u8::is_ascii_control;
    isdigit isdigit_l: "a decimal digit", u8::is_ascii_digit;
    isgraph isgraph_l: "a character that leaves a mark", u8::is_ascii_graphic;
    islower islower_l: "a lower-case letter", u8::is_ascii_lowercase;
    isprint isprint_l: "a character that leaves a mark, or a space", |c| matches!(c, b' '..=b'~');
    ispunct ispunct_l: "a mark that is neither letter nor digit", u8::is_ascii_punctuation;
    isspace isspace_l: "white space", |c| matches!(c, b' ' | b'\t'..=b'\r');
    isupper isupper_l: "an upper-case letter", u8::is_ascii_uppercase;
    isxdigit isxdigit_l: "a hexadecimal digit", u8::is_ascii_hexdigit;
}

/// The lower-case letter of an upper-case one; anything else is left as it is.
///
/// Source: C11 7.4.2.1.
#[unsafe(no_mangle)]
pub extern "C" fn tolower(c: c_int) -> c_int {
    if ascii(c).is_ascii_uppercase() {
        c | 0x20
    } else {
        c
    }
}

/// The upper-case letter of a lower-case one; anything else is left as it is.
///
/// Source: C11 7.4.2.2.
#[unsafe(no_mangle)]
pub extern "C" fn toupper(c: c_int) -> c_int {
    if ascii(c).is_ascii_lowercase() {
        c & !0x20
    } else {
        c
    }
}

/// [`tolower`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
#[unsafe(no_mangle)]
pub extern "C" fn tolower_l(c: c_int, _locale: *mut Locale) -> c_int {
    tolower(c)
}

/// [`toupper`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024.
#[unsafe(no_mangle)]
pub extern "C" fn toupper_l(c: c_int, _locale: *mut Locale) -> c_int {
    toupper(c)
}

/// Whether `c` is an ASCII character.
///
/// Source: POSIX.1-2008.
#[unsafe(no_mangle)]
pub extern "C" fn isascii(c: c_int) -> c_int {
    c_int::from((0..0x80).contains(&c))
}

/// The low seven bits of `c`.
///
/// Source: POSIX.1-2008.
#[unsafe(no_mangle)]
pub extern "C" fn toascii(c: c_int) -> c_int {
    c & 0x7f
}
