//! `cargo xtask bench text`: `snprintf`, `strtod` and `sscanf` against glibc, musl and a rival.

use std::ffi::{CStr, CString, c_char, c_double, c_int};
use std::ptr::null_mut;

use crate::Result;
use crate::measure::Row;
use crate::rival::{Rival, contenders};

type Snprintf = unsafe extern "C" fn(*mut c_char, usize, *const c_char, ...) -> c_int;
type Strtod = unsafe extern "C" fn(*const c_char, *mut *mut c_char) -> c_double;
type Sscanf = unsafe extern "C" fn(*const c_char, *const c_char, ...) -> c_int;
/// Who has a function, by name.
type Contenders<F> = Vec<(&'static str, F)>;

unsafe extern "C" {
    fn nolibc_snprintf(buffer: *mut c_char, len: usize, format: *const c_char, ...) -> c_int;
    fn musl_snprintf(buffer: *mut c_char, len: usize, format: *const c_char, ...) -> c_int;
    fn nolibc_strtod(text: *const c_char, end: *mut *mut c_char) -> c_double;
    fn nolibc_sscanf(text: *const c_char, format: *const c_char, ...) -> c_int;
    fn musl_sscanf(text: *const c_char, format: *const c_char, ...) -> c_int;
    fn musl_strtod(text: *const c_char, end: *mut *mut c_char) -> c_double;
}

/// How many values a workload goes through: more than a branch predictor learns.
const VALUES: usize = 4096;

/// Random bits, the same in each run (Marsaglia, "Xorshift RNGs", 2003).
fn random_bits() -> impl Iterator<Item = u64> {
    let mut state = 88_172_645_463_325_252u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

/// Doubles of any bit pattern.
fn any_doubles() -> Vec<f64> {
    let doubles = random_bits().map(f64::from_bits);
    doubles.filter(|x| x.is_finite()).take(VALUES).collect()
}

/// Doubles as programs print them.
fn usual_doubles() -> Vec<f64> {
    let doubles = random_bits().map(|bits| (bits as i64 >> 24) as f64 / 1e6);
    doubles.take(VALUES).collect()
}

fn integers() -> Vec<c_int> {
    let numbers = random_bits().map(|bits| (bits as i32) >> (bits >> 59));
    numbers.take(VALUES).collect()
}

/// `x` as `%.*g` prints it.
fn significant(x: f64, digits: usize) -> String {
    let mut buffer = [0u8; 64];
    // SAFETY: the buffer has room for what the format makes.
    let len = unsafe {
        nolibc_snprintf(
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            c"%.*g".as_ptr(),
            digits as c_int,
            x,
        )
    };
    String::from_utf8_lossy(buffer.get(..len as usize).unwrap_or_default()).into_owned()
}

/// A contender's way through the values, one a call.
fn each<T: Copy, R>(values: Vec<T>, mut call: impl FnMut(T) -> R) -> impl FnMut() -> R {
    let mut at = 0;
    move || {
        at = (at + 1) % VALUES;
        call(values[at])
    }
}

fn printed<T: Copy + 'static>(name: &str, all: &Contenders<Snprintf>, values: &[T]) -> Row {
    let format = CString::new(name.replace("any ", "")).unwrap_or_default();
    all.iter().fold(Row::new(name), |row, &(contender, f)| {
        let format = format.clone();
        let mut buffer = [0 as c_char; 512];
        let call = move |value: T| {
            // SAFETY: the format wants one argument of the values' type.
            unsafe { f(buffer.as_mut_ptr(), buffer.len(), format.as_ptr(), value) }
        };
        row.with(contender, each(values.to_vec(), call))
    })
}

fn parsed(name: &str, all: &Contenders<Strtod>, texts: Vec<CString>) -> Row {
    let texts: &'static [CString] = texts.leak();
    all.iter().fold(Row::new(name), |row, &(contender, f)| {
        let pointers = texts.iter().map(|text| text.as_ptr()).collect();
        // SAFETY: strings that live as long as the program.
        let call = move |text| unsafe { f(text, null_mut()) };
        row.with(contender, each(pointers, call))
    })
}

/// A name, a number and a value, as a log line has them.
fn mixed(all: &Contenders<Snprintf>) -> Row {
    let values: Vec<(c_int, f64)> = integers().into_iter().zip(usual_doubles()).collect();
    let row = Row::new("%s: %d of %g");
    all.iter().fold(row, |row, &(contender, f)| {
        let mut buffer = [0 as c_char; 512];
        let call = move |(number, value): (c_int, f64)| {
            // SAFETY: three arguments as the format wants them.
            unsafe {
                f(
                    buffer.as_mut_ptr(),
                    buffer.len(),
                    c"%s: %d of %g\n".as_ptr(),
                    c"packets".as_ptr(),
                    number,
                    value,
                )
            }
        };
        row.with(contender, each(values.clone(), call))
    })
}

fn scanned(format: &'static CStr, all: &Contenders<Sscanf>, texts: Vec<CString>) -> Row {
    let texts: &'static [CString] = texts.leak();
    let row = Row::new(format!("sscanf {}", format.to_string_lossy()));
    all.iter().fold(row, |row, &(contender, f)| {
        let pointers = texts.iter().map(|text| text.as_ptr()).collect();
        let mut place = 0u64;
        let call = move |text: *const c_char| {
            // SAFETY: a string, and a place for the one number that the format stores.
            unsafe { f(text, format.as_ptr(), &raw mut place) }
        };
        row.with(contender, each(pointers, call))
    })
}

/// The workloads.
pub fn rows(rival: Option<Rival>) -> Result<Vec<Row>> {
    // SAFETY: the types of these functions.
    let (snprintf, strtod, sscanf) = unsafe {
        (
            &contenders(
                "snprintf",
                nolibc_snprintf as Snprintf,
                musl_snprintf,
                rival,
            )?,
            &contenders("strtod", nolibc_strtod as Strtod, musl_strtod, rival)?,
            &contenders("sscanf", nolibc_sscanf as Sscanf, musl_sscanf, rival)?,
        )
    };
    let mut rows = Vec::new();
    for format in [
        "%.17g", "%.15g", "%.12g", "%.6g", "%g", "%e", "%f", "%.0f", "%.3f", "%a",
    ] {
        rows.push(printed(format, snprintf, &usual_doubles()));
    }
    rows.push(printed("any %.17g", snprintf, &any_doubles()));
    for format in ["%d", "%x", "%08x"] {
        rows.push(printed(format, snprintf, &integers()));
    }
    rows.push(printed("%s", snprintf, &[c"hello, world".as_ptr(); VALUES]));
    let texts = |doubles: Vec<f64>, print: &dyn Fn(f64) -> String| -> Result<Vec<CString>> {
        let texts = doubles.into_iter().map(|x| CString::new(print(x)));
        Ok(texts.collect::<std::result::Result<_, _>>()?)
    };
    rows.push(mixed(snprintf));
    let long = texts(any_doubles(), &|x| format!("{x:.16e}"))?;
    rows.push(parsed("strtod 17 digits", strtod, long));
    let short = texts(usual_doubles(), &|x| format!("{x:.2}"))?;
    rows.push(parsed("strtod short", strtod, short));
    for digits in [1, 2, 3, 5, 8, 11, 14, 16, 17] {
        let some = texts(usual_doubles(), &|x| significant(x, digits))?;
        rows.push(parsed(&format!("strtod {digits}"), strtod, some));
    }
    let decimals = texts(usual_doubles(), &|x| x.to_string())?;
    rows.push(scanned(c"%lf", sscanf, decimals));
    let numbers = integers().into_iter().map(|x| CString::new(x.to_string()));
    let numbers = numbers.collect::<std::result::Result<_, _>>()?;
    rows.push(scanned(c"%d", sscanf, numbers));
    Ok(rows)
}
