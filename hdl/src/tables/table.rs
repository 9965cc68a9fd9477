//! **Tables**: the memories whose words decide bits, as a loader and an image see them.
//!
//! A block with tables is made of a table set; its tables are ROMs then. [`HasTables`] names them, in an order
//! that is part of the image's format. What it names can be [loaded](Table::load_as) instead: then each table
//! is two banks of RAM, one in use, one that the loader writes.
//!
//! Loader and tables are joined by two signals that every block passes on:
//!
//! | signal | bits | meaning |
//! |---|---|---|
//! | `load_at` | 21 | the bank in use |
//! | | 20 | write into the other one |
//! | | 19:16 | the table's number |
//! | | 15:0 | the word's address in it |
//! | `load_word` | 31:0 | the word |

/// Bits of `load_at`.
pub const LOAD_AT: usize = 22;
/// Bits of a table's number.
pub const TABLE: usize = 4;
/// Bits of an address in a table.
pub const ADDRESS: usize = 16;
/// Bits of `load_word`.
pub const LOAD_WORD: usize = 32;

/// What `load_at` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoadAt {
    /// The bank in use.
    pub(crate) bank: usize,
    /// A word is written into the other one.
    pub(crate) write: bool,
    /// Of this table.
    pub(crate) table: u8,
    /// At this address.
    pub(crate) address: usize,
}

impl LoadAt {
    /// The fields of the signal.
    pub(crate) fn of(bits: usize) -> LoadAt {
        LoadAt {
            bank: bits >> (ADDRESS + TABLE + 1) & 1,
            write: bits >> (ADDRESS + TABLE) & 1 == 1,
            table: (bits >> ADDRESS & ((1 << TABLE) - 1)) as u8,
            address: bits & ((1 << ADDRESS) - 1),
        }
    }

    /// In Verilog, whether a word comes for this table's bank `bank`.
    pub(crate) fn comes(table: u8, bank: usize) -> String {
        let (write, used) = (ADDRESS + TABLE, ADDRESS + TABLE + 1);
        let other = if bank == 0 { "" } else { "~" };
        format!(
            "load_at[{write}] & {other}load_at[{used}] & (load_at[{}:{ADDRESS}] == {TABLE}'d{table})",
            write - 1
        )
    }

    /// In Verilog, whether bank 1 is in use.
    pub(crate) fn bank_1() -> String {
        format!("load_at[{}]", ADDRESS + TABLE + 1)
    }
}

/// A memory whose words decide bits.
pub trait Table {
    /// How it is laid out.
    fn layout(&self) -> TableLayout;

    /// Its words, as many as it is laid out for.
    fn words(&self) -> Vec<u32>;

    /// From now on it is RAM, the table of this number.
    fn load_as(&mut self, number: u8);
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableLayout {
    /// Words of a row.
    pub row: usize,
    /// Words in all.
    pub words: usize,
    /// Bits of a word.
    pub bits: usize,
}

/// A block with tables.
pub trait HasTables {
    /// Shows each table, always in the same order.
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table));
}
