//! What Liberty says of a cell: area, leakage, capacitances, and the energy of a change at a pin.

use std::collections::BTreeMap;

use synth::liberty::Group;

/// The time that a signal takes to change, for which energies are looked up, in ns. Between 0.02 and
/// 0.3 ns an inverter's energy differs by a tenth.
const SLEW: f64 = 0.1;

/// The cells of one or more Liberty files, by name.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// The supply, in V.
    pub volts: f64,
    cells: BTreeMap<String, Cell>,
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Its area, in um2.
    pub area: f64,
    /// Its leakage, in W.
    pub leakage: f64,
    /// Whether it keeps a value.
    pub is_register: bool,
    pins: BTreeMap<String, Pin>,
}

/// A pin, or all pins of a bus.
#[derive(Clone, Debug, Default)]
struct Pin {
    is_clock: bool,
    /// In F.
    capacitance: f64,
    energies: Vec<Energy>,
}

/// The energy of a change, under a condition.
#[derive(Clone, Debug)]
struct Energy {
    when: Option<String>,
    /// For a rise and for a fall.
    tables: [Table; 2],
}

/// An energy in J, by slew and load.
#[derive(Clone, Debug, Default, PartialEq)]
struct Table {
    slews: Vec<f64>,
    /// In F.
    loads: Vec<f64>,
    /// Row by row, a row for each slew.
    values: Vec<f64>,
}

/// The units of a library.
struct Units {
    farad: f64,
    joule: f64,
    watt: f64,
}

impl Cells {
    /// The cells of a library.
    pub fn of(library: &Group) -> Cells {
        let mut cells =
            Cells { volts: library.number("nom_voltage").unwrap_or(1.0), ..Cells::default() };
        cells.add(library);
        cells
    }

    /// Further cells, of another library.
    pub fn add(&mut self, library: &Group) {
        let farad = match library.get("capacitive_load_unit") {
            Some(unit) if unit.contains("ff") || unit.contains("fF") => 1e-15,
            _ => 1e-12,
        };
        let watt = unit(library.get("leakage_power_unit").unwrap_or("1nW"));
        // The unit of energies: that of a capacitance times a volt squared.
        let units = Units { farad, joule: farad, watt };
        for cell in library.of_kind("cell") {
            self.cells.insert(cell.name.clone(), read(cell, library, &units));
        }
    }

    /// A cell.
    pub fn named(&self, name: &str) -> Option<&Cell> {
        self.cells.get(name)
    }
}

impl Cell {
    /// Whether a pin is the cell's clock.
    pub fn is_clock(&self, pin: &str) -> bool {
        self.pin(pin).is_some_and(|pin| pin.is_clock)
    }

    /// What a pin loads its net with, in F.
    pub fn capacitance(&self, pin: &str) -> f64 {
        self.pin(pin).map_or(0.0, |pin| pin.capacitance)
    }

    /// What the cell itself takes for a change at a pin, in J: the mean of rise and fall, of each the
    /// mean over all conditions. Where a condition says 0, the change is counted at another pin.
    /// `load` is what an output drives, in F.
    pub fn energy(&self, pin: &str, load: f64) -> f64 {
        let Some(pin) = self.pin(pin) else { return 0.0 };
        let of = |change: usize| {
            let all = pin.energies.iter().map(|energy| energy.tables[change].at(SLEW, load));
            let all: Vec<f64> = all.filter(|&joule| joule != 0.0).collect();
            all.iter().sum::<f64>() / all.len().max(1) as f64
        };
        (of(0) + of(1)) / 2.0
    }

    /// What a clock's edge takes while exactly these of the other pins are on, in J.
    pub fn access(&self, clock: &str, on: &[String]) -> Option<f64> {
        let energies = self.pin(clock)?.energies.iter();
        let mut fitting =
            energies.filter(|energy| energy.when.as_deref().is_some_and(|when| asks_for(when, on)));
        Some(fitting.next()?.tables.iter().map(|table| table.at(SLEW, 0.0)).sum())
    }

    fn pin(&self, name: &str) -> Option<&Pin> {
        self.pins.get(name.split('[').next().unwrap_or(name))
    }
}

/// Whether a condition like `A & !B` asks for all of these pins, and for no other.
fn asks_for(when: &str, on: &[String]) -> bool {
    let plain: String = when.chars().filter(|c| !" ()".contains(*c)).collect();
    let asked: Vec<&str> = plain.split(['&', '*']).filter(|pin| !pin.starts_with('!')).collect();
    asked.len() == on.len() && on.iter().all(|on| asked.contains(&on.as_str()))
}

/// `1nW` as a number.
fn unit(text: &str) -> f64 {
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic());
    let scale = match text[digits.len()..].chars().next() {
        Some('m') => 1e-3,
        Some('u') => 1e-6,
        Some('n') => 1e-9,
        Some('p') => 1e-12,
        Some('f') => 1e-15,
        _ => 1.0,
    };
    digits.parse::<f64>().unwrap_or(1.0) * scale
}

fn read(cell: &Group, library: &Group, units: &Units) -> Cell {
    let mut read = Cell {
        area: cell.number("area").unwrap_or(0.0),
        leakage: cell.number("cell_leakage_power").unwrap_or(0.0) * units.watt,
        is_register: cell.groups.iter().any(|group| group.kind == "ff"),
        pins: BTreeMap::new(),
    };
    for group in &cell.groups {
        let pins: Vec<&Group> = match group.kind.as_str() {
            "pin" => vec![group],
            // What is said of a bus, and of its bits.
            "bus" => std::iter::once(group).chain(group.of_kind("pin")).collect(),
            _ => continue,
        };
        let pin = read.pins.entry(group.name.clone()).or_default();
        for group in pins {
            let is = |mark: &str| group.get(mark) == Some("true");
            pin.is_clock |= is("clock") || is("clock_gate_clock_pin");
            pin.capacitance =
                group.number("capacitance").map_or(pin.capacitance, |value| value * units.farad);
            let energies = group.of_kind("internal_power").map(|power| Energy {
                when: power.get("when").map(str::to_owned),
                tables: ["rise_power", "fall_power"].map(|kind| {
                    power
                        .of_kind(kind)
                        .next()
                        .map_or(Table::default(), |table| Table::read(table, library, units))
                }),
            });
            pin.energies.extend(energies);
        }
    }
    read
}

impl Table {
    fn read(group: &Group, library: &Group, units: &Units) -> Table {
        let numbers = |text: &str| -> Vec<f64> {
            let plain: String =
                text.chars().map(|c| if "\"\\,".contains(c) { ' ' } else { c }).collect();
            plain.split_whitespace().filter_map(|number| number.parse().ok()).collect()
        };
        let template = library
            .groups
            .iter()
            .find(|found| found.kind.ends_with("_template") && found.name == group.name);
        let axis = |number: &str| {
            let index = format!("index_{number}");
            let text = group.get(&index).or_else(|| template?.get(&index));
            text.map(numbers).filter(|values| !values.is_empty())
        };
        let is_load = |number: &str| {
            let variable =
                template.and_then(|template| template.get(&format!("variable_{number}")));
            variable.is_some_and(|variable| variable.contains("capacitance"))
        };
        let values: Vec<f64> = numbers(group.get("values").unwrap_or_default())
            .into_iter()
            .map(|v| v * units.joule)
            .collect();
        let farads = |axis: Vec<f64>| axis.into_iter().map(|value| value * units.farad).collect();
        let one = || vec![0.0];
        let (slews, loads, values) = match (axis("1"), axis("2")) {
            (Some(loads), Some(slews)) if is_load("1") => {
                // Slew by slew.
                let (rows, columns) = (loads.len(), slews.len());
                let at = |slew: usize, load: usize| {
                    values.get(load * columns + slew).copied().unwrap_or(0.0)
                };
                let turned = (0..columns).flat_map(|slew| (0..rows).map(move |load| (slew, load)));
                let turned = turned.map(|(slew, load)| at(slew, load)).collect();
                (slews, farads(loads), turned)
            }
            (Some(slews), Some(loads)) => (slews, farads(loads), values),
            (Some(loads), None) if is_load("1") => (one(), farads(loads), values),
            (Some(slews), None) => (slews, one(), values),
            _ => (one(), one(), values),
        };
        if values.len() != slews.len() * loads.len() {
            return Table::default();
        }
        Table { slews, loads, values }
    }

    /// Between the values around a place; beyond the ends, the last ones.
    fn at(&self, slew: f64, load: f64) -> f64 {
        if self.values.is_empty() {
            return 0.0;
        }
        let ((row, down), (column, right)) = (place(&self.slews, slew), place(&self.loads, load));
        let value = |row: usize, column: usize| {
            let (row, column) = (row.min(self.slews.len() - 1), column.min(self.loads.len() - 1));
            self.values[row * self.loads.len() + column]
        };
        let along = |row| value(row, column) * (1.0 - right) + value(row, column + 1) * right;
        along(row) * (1.0 - down) + along(row + 1) * down
    }
}

/// The place on an axis: the value before it, and how far it is to the next, 0 to 1.
fn place(axis: &[f64], wanted: f64) -> (usize, f64) {
    let after = axis.iter().position(|&value| value > wanted).unwrap_or(axis.len());
    let Some(before) = after.checked_sub(1) else { return (0, 0.0) };
    match axis.get(after) {
        Some(next) => (before, (wanted - axis[before]) / (next - axis[before])),
        None => (before, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBRARY: &str = r#"library(small) {
        nom_voltage : 1.2; leakage_power_unit : "1pW"; capacitive_load_unit (1,pf);
        power_lut_template (by_load) { variable_1 : total_output_net_capacitance; variable_2 : input_transition_time; }
        cell (INV) { area : 5; cell_leakage_power : 60;
            pin(A) { capacitance : 0.003; }
            pin(Y) { internal_power () { related_pin : "A";
                rise_power (by_load) { index_1 ("0.0, 0.1"); index_2 ("0.05, 0.15"); values ("1, 3", "5, 7"); }
                fall_power (scalar) { values ("2"); } } } }
        cell (RAM) { area : 1000;
            pin(CK) { clock : "true"; internal_power () { when : "EN & !WE"; rise_power (scalar) { values (14); } }
                internal_power () { when : "EN & WE"; rise_power (scalar) { values (18); } } }
            bus(D) { capacitance : 0.01; pin(D[7:0]) { internal_power () { rise_power (scalar) { values (4); } } } } }
    }"#;

    #[test]
    fn energies_are_looked_up() {
        let cells = Cells::of(&Group::parse(LIBRARY).unwrap());
        let inverter = cells.named("INV").unwrap();
        assert_eq!((cells.volts, inverter.area, inverter.leakage), (1.2, 5.0, 60e-12));
        let close =
            |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-18, "{found} {wanted}");
        close(inverter.capacitance("A"), 0.003e-12);
        // Half way between 1 and 3 for the slew, 5 and 7 at the other end; a fall takes 2.
        close(inverter.energy("Y", 0.0), (2.0 + 2.0) / 2.0 * 1e-12);
        close(inverter.energy("Y", 0.05e-12), (4.0 + 2.0) / 2.0 * 1e-12);
        close(inverter.energy("Y", 9.0), (6.0 + 2.0) / 2.0 * 1e-12);
        assert!(!inverter.is_clock("A"));
    }

    #[test]
    fn an_access_takes_what_its_condition_says() {
        let cells = Cells::of(&Group::parse(LIBRARY).unwrap());
        let ram = cells.named("RAM").unwrap();
        let on = |pins: &[&str]| pins.iter().map(|pin| (*pin).to_owned()).collect::<Vec<_>>();
        let access = |pins: &[&str]| ram.access("CK", &on(pins));
        assert_eq!(access(&["EN", "WE"]), Some(18e-12));
        assert_eq!(access(&["EN"]), Some(14e-12));
        assert_eq!(access(&["WE"]), None);
        assert!(ram.is_clock("CK"));
        assert!((ram.energy("D[3]", 0.0) - 2e-12).abs() < 1e-20);
        assert!((ram.capacitance("D[3]") - 0.01e-12).abs() < 1e-20);
    }
}
