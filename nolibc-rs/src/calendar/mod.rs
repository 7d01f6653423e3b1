//! Calendar time: seconds since 1970 to and from broken-down time (C11 7.27), in
//! the proleptic Gregorian calendar and in UTC, the only zone. Every 64-bit count
//! of seconds is handled; a year that does not fit an `int` is `EOVERFLOW`.
#![forbid(unsafe_code)]

pub mod parse;
pub mod text;

use crate::errno::{Errno, Result};

/// Broken-down time, as in C's `struct tm`, but for what that says of the zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Fields {
    /// 0 to 60.
    pub second: i32,
    /// 0 to 59.
    pub minute: i32,
    /// 0 to 23.
    pub hour: i32,
    /// 1 to 31.
    pub day: i32,
    /// 0 to 11.
    pub month: i32,
    /// Years since 1900.
    pub year: i32,
    /// Days since Sunday.
    pub weekday: i32,
    /// Days since the first of January.
    pub yearday: i32,
    /// Positive, 0 or negative: daylight saving time is in force, is not, is unknown.
    pub daylight: i32,
}

/// Days from the first of March of the year 0 to the epoch.
const EPOCH_DAYS: i64 = 719_468;
/// Days in 400 years.
const ERA_DAYS: i64 = 146_097;
const DAY_SECONDS: i64 = 86_400;

/// Whether February of `year` has 29 days.
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from the epoch to the first of a month; `month` is 0 to 11.
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": a year that
/// starts in March has its leap day at the end.
fn days_to_month(year: i64, month: i64) -> i64 {
    let year = if month < 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 10) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5;
    let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * ERA_DAYS + day_of_era - EPOCH_DAYS
}

/// Year, month (0 to 11) and day (1 to 31) of a day counted from the epoch.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH_DAYS;
    let era = days.div_euclid(ERA_DAYS);
    let day_of_era = days.rem_euclid(ERA_DAYS);
    let leap_corrected =
        day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (ERA_DAYS - 1);
    let year_of_era = leap_corrected / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    let year = era * 400 + year_of_era + i64::from(month < 2);
    (year, month, day)
}

impl Fields {
    /// The broken-down time of a count of seconds since 1970.
    ///
    /// # Errors
    /// `EOVERFLOW`: the year does not fit.
    pub fn from_seconds(seconds: i64) -> Result<Self> {
        let days = seconds.div_euclid(DAY_SECONDS);
        let of_day = seconds.rem_euclid(DAY_SECONDS) as i32;
        let (year, month, day) = date_of(days);
        Ok(Self {
            second: of_day % 60,
            minute: of_day / 60 % 60,
            hour: of_day / 3600,
            day: day as i32,
            month: month as i32,
            year: i32::try_from(year - 1900).map_err(|_| Errno::EOVERFLOW)?,
            weekday: (days + 4).rem_euclid(7) as i32,
            yearday: (days - days_to_month(year, 0)) as i32,
            daylight: 0,
        })
    }

    /// The count of seconds since 1970. Members may lie outside their ranges;
    /// `weekday`, `yearday` and `daylight` are not looked at. No value of the
    /// members makes it overflow.
    pub fn to_seconds(&self) -> i64 {
        let months = i64::from(self.month);
        let year = 1900 + i64::from(self.year) + months.div_euclid(12);
        let days = days_to_month(year, months.rem_euclid(12)) + i64::from(self.day) - 1;
        let minutes = i64::from(self.hour) * 60 + i64::from(self.minute);
        days * DAY_SECONDS + minutes * 60 + i64::from(self.second)
    }

    /// The full year.
    pub fn full_year(&self) -> i64 {
        1900 + i64::from(self.year)
    }

    /// Year and week of ISO 8601: weeks start on Monday, and week 1 is the one with
    /// the first Thursday.
    pub fn iso_week(&self) -> (i64, i64) {
        let from_monday = (i64::from(self.weekday) + 6) % 7;
        let week = (i64::from(self.yearday) - from_monday + 10).div_euclid(7);
        let year = self.full_year();
        if week < 1 {
            return (year - 1, iso_weeks(year - 1));
        }
        if week > iso_weeks(year) {
            return (year + 1, 1);
        }
        (year, week)
    }

    /// Week of the year when weeks start on `first` (0 is Sunday); days before the
    /// first such day are in week 0.
    pub fn week(&self, first: i32) -> i64 {
        let from_first = (i64::from(self.weekday) + 7 - i64::from(first)) % 7;
        (i64::from(self.yearday) + 7 - from_first) / 7
    }
}

/// How many ISO weeks a year has: 53 when it starts on a Thursday, or is a leap
/// year that starts on a Wednesday.
fn iso_weeks(year: i64) -> i64 {
    let first = (days_to_month(year, 0) + 4).rem_euclid(7);
    if first == 4 || first == 3 && is_leap(year) {
        53
    } else {
        52
    }
}

/// The names of the days, Sunday first.
pub const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// The names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
