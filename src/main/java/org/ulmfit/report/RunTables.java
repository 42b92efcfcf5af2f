package org.ulmfit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.ulmfit.Shown;
import org.ulmfit.train.TrainingListener;

/** The tables of a run's course: {@code report.md} and {@code report.html} show the same. */
record RunTables(RunHistory history) {
  private static final String FROZEN = "frozen";

  /** A row for each phase. */
  Table phases() {
    Table table = new Table("phase", "freezeTo", "epochs", "steps", "layer groups trained");
    for (TrainingListener.PhaseStart phase : history.phases()) {
      long epochs = epochs(phase);
      boolean cut = epochs < Math.ceil(phase.epochs());
      table.row(
          Integer.toString(phase.phase() + 1),
          Integer.toString(phase.freezeTo()),
          (cut ? epochs + " of " : "") + phase.epochsText(),
          (cut ? "at most " : "") + phase.steps(),
          trained(phase.freezeTo()));
    }
    return table;
  }

  private static String trained(int freezeTo) {
    return freezeTo == 0
        ? "all"
        : freezeTo < 0 ? "the last " + -freezeTo : "from number " + (freezeTo + 1) + " on";
  }

  /** A row for each epoch. */
  Table epochs() {
    boolean languageModel = history.languageModel();
    List<String> head =
        new ArrayList<>(
            List.of("phase", "epoch", history.trainLoss(), "valid loss", history.accuracyName()));
    head.addAll(languageModel ? List.of("seconds", "perplexity") : List.of("macro F1", "seconds"));
    Table table = new Table(head.toArray(String[]::new));
    for (TrainingListener.Epoch epoch : history.epochs()) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(epoch.phase() + 1));
      row.add(Integer.toString(epoch.epoch() + 1));
      row.add(fixed(epoch.trainLoss(), 4));
      row.add(fixed(epoch.validation().loss(), 4));
      row.add(fixed(epoch.validation().accuracy(), 4));
      if (!languageModel) {
        Double macroF1 = epoch.validation().macroF1();
        row.add(macroF1 == null ? "-" : fixed(macroF1, 4));
      }
      row.add(fixed(epoch.seconds() + epoch.validationSeconds(), 1));
      if (languageModel) {
        row.add(fixed(epoch.perplexity(), 2));
      }
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  /** Whether the log tells of layer groups: those of earlier versions do not. */
  boolean hasGroups() {
    return history.phases().stream().anyMatch(phase -> !phase.groups().isEmpty());
  }

  /**
   * A row for each layer group: the epoch of the run it is trained from, its rate in each phase.
   */
  Table groups() {
    List<TrainingListener.PhaseStart> phases =
        history.phases().stream().filter(phase -> !phase.groups().isEmpty()).toList();
    List<String> head = new ArrayList<>(List.of("layer group", "first trained"));
    phases.forEach(phase -> head.add("phase " + (phase.phase() + 1) + span(phase)));
    Table table = new Table(head.toArray(String[]::new));
    List<TrainingListener.Group> groups = phases.get(0).groups();
    for (int g = 0; g < groups.size(); g++) {
      List<String> row = new ArrayList<>(List.of(groups.get(g).name(), firstTrained(phases, g)));
      for (TrainingListener.PhaseStart phase : phases) {
        row.add(g < phase.firstTrained() ? FROZEN : rate(phase, g));
      }
      table.row(row.toArray(String[]::new));
    }
    return table;
  }

  /** Whether a cell of {@link #groups} says that a group was trained in a phase. */
  static boolean saysTrained(int column, String cell) {
    return column > 1 && !cell.equals(FROZEN);
  }

  private String firstTrained(List<TrainingListener.PhaseStart> phases, int group) {
    return phases.stream()
        .filter(phase -> group >= phase.firstTrained())
        .findFirst()
        .map(phase -> "epoch " + (epochsBefore(phase) + 1))
        .orElse("never");
  }

  private String rate(TrainingListener.PhaseStart phase, int group) {
    OptionalDouble peak =
        history.steps().stream()
            .filter(step -> step.phase() == phase.phase())
            .mapToDouble(TrainingListener.Step::rate)
            .max();
    double share = phase.groups().get(group).share();
    return peak.isPresent() ? "up to " + Chart.number(peak.getAsDouble() * share) : "trained";
  }

  /** Which epochs of the run a phase has, counted from 1. */
  private String span(TrainingListener.PhaseStart phase) {
    long before = epochsBefore(phase);
    long own = epochs(phase);
    return own == 0
        ? ""
        : own == 1 ? ", epoch " + (before + 1) : ", epochs " + (before + 1) + "-" + (before + own);
  }

  private long epochs(TrainingListener.PhaseStart phase) {
    return history.epochs().stream().filter(e -> e.phase() == phase.phase()).count();
  }

  private long epochsBefore(TrainingListener.PhaseStart phase) {
    return history.epochs().stream().filter(e -> e.phase() < phase.phase()).count();
  }

  /** Seconds by what they went into, in the order in which it was done. */
  Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    history
        .seconds()
        .forEach(
            (part, its) -> {
              if (part.compareTo(RunPart.MEASURING) < 0) {
                seconds.put(part.title(), its);
              }
            });
    if (!history.epochs().isEmpty()) {
      double steps = history.steps().stream().mapToDouble(TrainingListener.Step::seconds).sum();
      double epochs = history.epochs().stream().mapToDouble(TrainingListener.Epoch::seconds).sum();
      seconds.put("training steps", steps);
      seconds.put("between steps: batches, checkpoints", Math.max(0, epochs - steps));
      seconds.put(
          "validation",
          history.epochs().stream().mapToDouble(TrainingListener.Epoch::validationSeconds).sum());
    }
    for (RunPart part : List.of(RunPart.MEASURING, RunPart.SAVING)) {
      Double its = history.seconds().get(part);
      if (its != null) {
        seconds.put(part.title(), its);
      }
    }
    return seconds;
  }

  /** The same as a table, with their shares. */
  Table time() {
    Map<String, Double> seconds = seconds();
    double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    Table table = new Table("part of the run", "seconds", "share");
    seconds.forEach((part, its) -> table.row(part, fixed(its, 1), share(its, all)));
    return table;
  }

  static String share(double part, double all) {
    return all > 0 ? Shown.format("%.0f%%", 100 * part / all) : "-";
  }

  static String fixed(double value, int digits) {
    return Shown.format("%." + digits + "f", value);
  }
}
