//! `<wctype.h>`: the "C" locale knows ASCII only.

use core::ffi::{c_char, c_int, c_ulong, c_void};

use super::cstr;
use super::ctype;
use super::wchar::Wide;

/// A class, as `wctype` numbers it.
type Class = extern "C" fn(c_int) -> c_int;

static CLASSES: [(&[u8], Class); 12] = [
    (b"alnum", ctype::isalnum),
    (b"alpha", ctype::isalpha),
    (b"blank", ctype::isblank),
    (b"cntrl", ctype::iscntrl),
    (b"digit", ctype::isdigit),
    (b"graph", ctype::isgraph),
    (b"lower", ctype::islower),
    (b"print", ctype::isprint),
    (b"punct", ctype::ispunct),
    (b"space", ctype::isspace),
    (b"upper", ctype::isupper),
    (b"xdigit", ctype::isxdigit),
];

/// The wide character as a number for `<ctype.h>`; no character for others.
fn narrow(wide: Wide) -> c_int {
    if wide < 0x80 { wide as c_int } else { -1 }
}

macro_rules! classes {
    ($($name:ident $name_l:ident $narrow:ident: $what:literal;)*) => {$(
        #[doc = concat!("Whether `wide` is ", $what, ".\n\nSource: C11 7.30.2.1.")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(wide: Wide) -> c_int {
            ctype::$narrow(narrow(wide))
        }

        #[doc = concat!("[`", stringify!($name), "`] in a locale, which can only be \"C\".\n\nSource: POSIX.1-2024.")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $name_l(wide: Wide, _locale: *mut c_void) -> c_int {
            $name(wide)
        }
    )*};
}

classes! {
    iswalnum iswalnum_l isalnum: "a letter or a digit";
    iswalpha iswalpha_l isalpha: "a letter";
    iswblank iswblank_l isblank: "a space or a tab";
    iswcntrl iswcntrl_l iscntrl: "a control character";
    iswdigit iswdigit_l isdigit: "a decimal digit";
    iswgraph iswgraph_l isgraph: "a character that leaves a mark";
    iswlower iswlower_l islower: "a lower-case letter";
    iswprint iswprint_l isprint: "a character that leaves a mark, or a space";
    iswpunct iswpunct_l ispunct: "a mark that is neither letter nor digit";
    iswspace iswspace_l isspace: "white space";
    iswupper iswupper_l isupper: "an upper-case letter";
    iswxdigit iswxdigit_l isxdigit: "a hexadecimal digit";
}

/// `towlower`
#[unsafe(no_mangle)]
pub extern "C" fn towlower(wide: Wide) -> Wide {
    if wide < 0x80 {
        ctype::tolower(wide as c_int) as Wide
    } else {
        wide
    }
}

/// `towlower_l`; every locale is "C".
#[unsafe(no_mangle)]
pub extern "C" fn towlower_l(wide: Wide, _locale: *mut c_void) -> Wide {
    towlower(wide)
}

/// `towupper`
#[unsafe(no_mangle)]
pub extern "C" fn towupper(wide: Wide) -> Wide {
    if wide < 0x80 {
        ctype::toupper(wide as c_int) as Wide
    } else {
        wide
    }
}

/// `towupper_l`; every locale is "C".
#[unsafe(no_mangle)]
pub extern "C" fn towupper_l(wide: Wide, _locale: *mut c_void) -> Wide {
    towupper(wide)
}

/// `wctype`; 0 for a class that there is not.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wctype(name: *const c_char) -> c_ulong {
    // SAFETY: the caller's contract.
    let Ok(name) = (unsafe { cstr::bytes(name) }) else {
        return 0;
    };
    let found = CLASSES.iter().position(|(class, _)| *class == name);
    found.map_or(0, |index| index as c_ulong + 1)
}

/// `iswctype`
#[unsafe(no_mangle)]
pub extern "C" fn iswctype(wide: Wide, class: c_ulong) -> c_int {
    let class = (class as usize)
        .checked_sub(1)
        .and_then(|index| CLASSES.get(index));
    class.map_or(0, |(_, test)| test(narrow(wide)))
}

/// `wctrans`; null for a mapping that there is not.
///
/// # Safety
/// As C and POSIX say: pointers are valid for what the function does with them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wctrans(name: *const c_char) -> *const c_int {
    // SAFETY: the caller's contract.
    match unsafe { cstr::bytes(name) } {
        Ok(b"tolower") => core::ptr::without_provenance(1),
        Ok(b"toupper") => core::ptr::without_provenance(2),
        _ => core::ptr::null(),
    }
}

/// `towctrans`
#[unsafe(no_mangle)]
pub extern "C" fn towctrans(wide: Wide, mapping: *const c_int) -> Wide {
    match mapping.addr() {
        1 => towlower(wide),
        2 => towupper(wide),
        _ => wide,
    }
}
