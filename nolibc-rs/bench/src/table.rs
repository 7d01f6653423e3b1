//! Tables of rows and contenders, printed as they come about.

/// A table: the first column holds names.
pub struct Table {
    widths: Vec<usize>,
}

impl Table {
    /// Print the head of a table.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let name = 26.max(title.len());
        let mut widths = vec![name];
        widths.extend(columns.iter().map(|column| column.len().max(9)));
        let table = Self { widths };
        table.row(title, columns.iter().map(|column| String::from(*column)));
        table
    }

    /// Print a row.
    pub fn row(&self, name: &str, cells: impl IntoIterator<Item = String>) {
        let mut line = format!("{name:<width$}", width = self.widths[0]);
        for (at, cell) in cells.into_iter().enumerate() {
            let width = self.widths.get(at + 1).copied().unwrap_or(9);
            line.push_str(&format!(" {cell:>width$}"));
        }
        println!("{line}");
    }
}

/// A number with as many digits as it is worth.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 1000.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
