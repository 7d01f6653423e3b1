//! The calendar, `strftime` and `strptime` against glibc.

use std::ffi::{CStr, CString};

use nolibc::calendar::text::{Zone, ascii, format};
use nolibc::calendar::{Fields, parse};

const UTC: Zone = Zone {
    offset_seconds: 0,
    name: b"UTC",
};

/// A repeatable sequence (splitmix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// Times near today, in every century, around turns of the year, and of every size.
fn times(count: usize) -> impl Iterator<Item = i64> {
    let mut noise = Noise(1);
    (0..count).map(move |i| match i % 4 {
        0 => noise.below(1 << 33) as i64 - (1 << 32),
        1 => noise.below(1 << 38) as i64 - (1 << 37),
        2 => {
            let year = noise.below(4000) as i64 - 1500;
            year * 31_556_952 + noise.below(20 * 86_400) as i64 - 10 * 86_400
        }
        _ => noise.next() as i64 >> noise.below(64),
    })
}

fn blank() -> libc::tm {
    // SAFETY: numbers and a pointer, which may all be 0.
    unsafe { std::mem::zeroed() }
}

fn theirs(seconds: i64) -> Option<libc::tm> {
    let mut tm = blank();
    // SAFETY: two live locals.
    let answer = unsafe { libc::gmtime_r(&seconds, &mut tm) };
    (!answer.is_null()).then_some(tm)
}

fn fields(tm: &libc::tm) -> Fields {
    Fields {
        second: tm.tm_sec,
        minute: tm.tm_min,
        hour: tm.tm_hour,
        day: tm.tm_mday,
        month: tm.tm_mon,
        year: tm.tm_year,
        weekday: tm.tm_wday,
        yearday: tm.tm_yday,
        daylight: tm.tm_isdst,
    }
}

fn c_tm(fields: &Fields) -> libc::tm {
    libc::tm {
        tm_sec: fields.second,
        tm_min: fields.minute,
        tm_hour: fields.hour,
        tm_mday: fields.day,
        tm_mon: fields.month,
        tm_year: fields.year,
        tm_wday: fields.weekday,
        tm_yday: fields.yearday,
        tm_isdst: fields.daylight,
        tm_gmtoff: 0,
        tm_zone: c"UTC".as_ptr(),
    }
}

#[test]
fn seconds_become_fields_as_in_glibc() {
    for seconds in times(200_000).chain([0, -1, i64::MIN, i64::MAX, 67_768_036_191_676_799]) {
        let ours = Fields::from_seconds(seconds).ok();
        assert_eq!(ours, theirs(seconds).as_ref().map(fields), "{seconds}");
        if let Some(fields) = ours {
            assert_eq!(fields.to_seconds(), seconds);
        }
    }
}

#[test]
fn wild_fields_become_seconds_as_in_glibc() {
    let mut noise = Noise(2);
    for i in 0..100_000 {
        let mut member = || {
            let small = noise.below(400) as i32 - 100;
            if i % 3 == 0 {
                (noise.next() >> noise.below(24)) as i32
            } else {
                small
            }
        };
        let wild = Fields {
            second: member(),
            minute: member(),
            hour: member(),
            day: member(),
            month: member(),
            year: member(),
            ..Fields::default()
        };
        let mut tm = c_tm(&wild);
        // SAFETY: a live local.
        let seconds = unsafe { libc::timegm(&mut tm) };
        let ours = wild.to_seconds();
        if Fields::from_seconds(ours).is_ok() {
            assert_eq!(ours, seconds, "{wild:?}");
        } else {
            assert_eq!(seconds, -1, "{wild:?}");
        }
    }
}

fn their_text(form: &CStr, fields: &Fields) -> Vec<u8> {
    let mut buffer = [0u8; 512];
    // SAFETY: a buffer of that size, a C string and a live local.
    let len = unsafe {
        libc::strftime(
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            form.as_ptr(),
            &c_tm(fields),
        )
    };
    buffer[..len].to_vec()
}

fn our_text(form: &CStr, fields: &Fields) -> Vec<u8> {
    let mut buffer = [0u8; 512];
    let len = format(&mut buffer, form.to_bytes(), fields, UTC).expect("room");
    buffer[..len].to_vec()
}

fn compare(form: &str, fields: &Fields) {
    // C has two digits for the century; glibc 2.36 has one before the year 1000.
    if form.contains('C') && fields.full_year() < 1000 {
        return;
    }
    let form = CString::new(form).expect("no zero");
    let (ours, theirs) = (our_text(&form, fields), their_text(&form, fields));
    assert_eq!(
        String::from_utf8_lossy(&ours),
        String::from_utf8_lossy(&theirs),
        "{form:?} of {fields:?}"
    );
}

const CONVERSIONS: &str = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%";

#[test]
fn every_conversion_is_glibcs() {
    for seconds in times(20_000) {
        let Ok(fields) = Fields::from_seconds(seconds) else {
            continue;
        };
        for conversion in CONVERSIONS.chars() {
            compare(&format!("<%{conversion}>"), &fields);
        }
    }
}

#[test]
fn flags_and_widths_are_glibcs() {
    let mut noise = Noise(3);
    for seconds in times(40_000) {
        let Ok(fields) = Fields::from_seconds(seconds) else {
            continue;
        };
        let flag = ["", "_", "-", "0", "^", "#"][noise.below(6) as usize];
        let width = match noise.below(3) {
            0 => String::new(),
            _ => noise.below(15).to_string(),
        };
        let modifier = ["", "", "E", "O"][noise.below(4) as usize];
        let conversion = CONVERSIONS.as_bytes()[noise.below(CONVERSIONS.len() as u64) as usize];
        // Where glibc 2.36 forbids a modifier it copies the text, and so it does
        // where the modifier has no meaning; POSIX leaves both undefined.
        let modified = match conversion {
            b'c' | b'C' | b'x' | b'X' | b'y' | b'Y' if modifier == "E" => modifier,
            b'd' | b'e' | b'H' | b'I' | b'm' | b'M' | b'S' | b'u' | b'U' | b'V' | b'w' | b'W'
            | b'y'
                if modifier == "O" =>
            {
                modifier
            }
            _ => "",
        };
        // glibc 2.36 applies the width of %z twice and pads %s in two ways.
        if conversion == b'z' || conversion == b's' {
            continue;
        }
        // With zeros POSIX gives a year four digits, behind its sign.
        let zeros = flag == "0" || width.starts_with('0');
        if b"FGY".contains(&conversion) && zeros && fields.full_year() < 1000 {
            continue;
        }
        let conversion = char::from(conversion);
        compare(
            &format!("{flag}|%{flag}{width}{modified}{conversion}|"),
            &fields,
        );
    }
}

#[test]
fn odd_formats_are_copied() {
    let fields = Fields::default();
    for form in ["", "plain", "%", "100%", "%Q", "%%%%", "%E", "%f"] {
        compare(form, &fields);
    }
}

/// glibc 2.36 lacks the flag: POSIX.1-2024 itself is the model.
#[test]
fn the_plus_flag_is_posixs() {
    let cases = [
        (2024, "%+Y", "2024"),
        (10_023, "%+Y", "+10023"),
        (270, "%+Y", "0270"),
        (270, "%+5Y", "+0270"),
        (12_345, "%+4Y", "+12345"),
        (270, "%+F", "0270-01-01"),
        (270, "%+11F", "+0270-01-01"),
        (270, "%+3C", "+02"),
        (17_012, "%+C", "+170"),
        (1999, "%+C", "19"),
        (270, "%04Y", "0270"),
    ];
    for (year, form, text) in cases {
        let fields = Fields {
            year: year - 1900,
            day: 1,
            ..Fields::default()
        };
        let form = CString::new(form).expect("form");
        assert_eq!(
            String::from_utf8_lossy(&our_text(&form, &fields)),
            text,
            "{form:?} of {year}"
        );
    }
}

#[test]
fn wild_fields_are_harmless() {
    let mut noise = Noise(4);
    for _ in 0..20_000 {
        let mut any = || match noise.below(4) {
            0 => i32::MAX,
            1 => i32::MIN,
            _ => noise.next() as i32,
        };
        let fields = Fields {
            second: any(),
            minute: any(),
            hour: any(),
            day: any(),
            month: any(),
            year: any(),
            weekday: any(),
            yearday: any(),
            daylight: any(),
        };
        let mut buffer = [0; 512];
        for conversion in CONVERSIONS.chars() {
            let form = format!("%{conversion}");
            format(&mut buffer, form.as_bytes(), &fields, UTC).expect("room");
        }
        ascii(&fields);
    }
}

#[test]
fn a_short_buffer_takes_nothing() {
    let fields = Fields::default();
    assert_eq!(format(&mut [0; 3], b"%Y", &fields, UTC), None);
    assert_eq!(format(&mut [0; 4], b"%Y", &fields, UTC), Some(4));
    assert_eq!(format(&mut [0; 9], b"%10d", &fields, UTC), None);
    assert_eq!(format(&mut [], b"", &fields, UTC), Some(0));
}

#[test]
fn asctime_is_glibcs() {
    for seconds in times(20_000) {
        let Ok(fields) = Fields::from_seconds(seconds) else {
            continue;
        };
        let mut buffer = [0; 64];
        // SAFETY: 64 bytes are enough for any year.
        let answer = unsafe { libc_asctime_r(&c_tm(&fields), buffer.as_mut_ptr()) };
        match ascii(&fields) {
            Some(ours) => {
                let ours = CStr::from_bytes_until_nul(&ours).expect("a terminator");
                // SAFETY: glibc wrote a C string.
                let theirs = unsafe { CStr::from_ptr(buffer.as_ptr()) };
                assert_eq!(ours, theirs, "{fields:?}");
            }
            None => assert!(answer.is_null(), "{fields:?}"),
        }
    }
}

unsafe extern "C" {
    #[link_name = "asctime_r"]
    fn libc_asctime_r(tm: *const libc::tm, buffer: *mut std::ffi::c_char) -> *mut std::ffi::c_char;
}

/// The members and the length that were read; `None` where the text does not match.
type Read = Option<(Fields, usize)>;

/// Read `text` with both.
fn read(text: &str, form: &str) -> (Read, Read) {
    let start = Fields {
        year: 70,
        day: 1,
        ..Fields::default()
    };
    let ours = parse::parse(text.as_bytes(), form.as_bytes(), start);
    let mut tm = c_tm(&start);
    let (text, form) = (
        CString::new(text).expect("text"),
        CString::new(form).expect("form"),
    );
    // SAFETY: C strings and a live local; the answer points into the text.
    let end = unsafe { libc::strptime(text.as_ptr(), form.as_ptr(), &mut tm) };
    let theirs = (!end.is_null()).then(|| (fields(&tm), end.addr() - text.as_ptr().addr()));
    (ours.map(|parsed| (parsed.fields, parsed.len)), theirs)
}

#[test]
fn texts_are_read_as_glibc_reads_them() {
    let forms = [
        "%Y-%m-%d %H:%M:%S",
        "%a, %d %b %Y %T",
        "%A %B %e %I:%M %p %Y",
        "%c",
        "%D %R",
        "%y%m%d",
        "%C%y %j",
        "%Y %j",
        "%s",
        "%F %r",
        "%d/%h/%Y:%T %z",
        "%Y %U %w",
        "%Y %W %a",
        "%x %X",
        "%n%Y%t%%%m",
        "%Y",
        "%m %d",
    ];
    for seconds in times(30_000) {
        let Ok(time) = Fields::from_seconds(seconds) else {
            continue;
        };
        if !(1..=9999).contains(&time.full_year()) {
            continue;
        }
        for form in forms {
            // glibc 2.36 reads no time before 1970.
            if form == "%s" && seconds < 0 {
                continue;
            }
            let c_form = CString::new(form).expect("form");
            let text = String::from_utf8(our_text(&c_form, &time)).expect("ASCII");
            let (ours, theirs) = read(&text, form);
            assert_eq!(ours, theirs, "{form:?} of {text:?}");
        }
    }
}

#[test]
fn a_week_and_a_day_give_the_date() {
    for seconds in times(30_000) {
        let Ok(time) = Fields::from_seconds(seconds - seconds.rem_euclid(86_400)) else {
            continue;
        };
        if !(0..=9999).contains(&time.full_year()) {
            continue;
        }
        for form in [c"%Y %U %w", c"%Y %W %u", c"%Y %j", c"%F", c"%C%y%m%d"] {
            let text = our_text(form, &time);
            let parsed = parse::parse(&text, form.to_bytes(), Fields::default());
            let mut found = parsed.expect("a match").fields;
            // The day of the year alone does not ask for that of the week.
            found.weekday = time.weekday;
            assert_eq!(found, time, "{form:?}");
        }
    }
}

#[test]
fn wrong_texts_do_not_match() {
    let cases = [
        ("", "%Y"),
        ("x", "%d"),
        ("32", "%d"),
        ("13", "%m"),
        ("24", "%H"),
        ("0", "%I"),
        ("60", "%M"),
        ("Mox", "%a"),
        ("Ja", "%b"),
        ("am", "%p%p"),
        ("5", "%Q"),
        ("a", "b"),
        ("2020", "%Y-"),
        ("10 PM", "%I %p"),
        ("JANUARY  5", "%B %d"),
        ("1999x", "%Yx"),
        ("  7", "%d"),
    ];
    for (text, form) in cases {
        let (ours, theirs) = read(text, form);
        assert_eq!(ours, theirs, "{form:?} of {text:?}");
    }
}

#[test]
fn zones_are_offsets() {
    for (text, offset) in [
        ("+0130", 5400),
        ("-08", -28_800),
        ("Z", 0),
        ("+05:45", 20_700),
    ] {
        let parsed = parse::parse(text.as_bytes(), b"%z", Fields::default()).expect("a zone");
        assert_eq!(parsed.offset_seconds, Some(offset));
        assert_eq!(parsed.len, text.len());
    }
}
