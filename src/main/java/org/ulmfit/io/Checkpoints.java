package org.ulmfit.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A run's resumable states, one folder each:
 *
 * <pre>
 * RUN/checkpoints/step-00001200/   what the training loop wrote, and checksums.txt
 * RUN/checkpoints/step-00001400/
 * RUN/checkpoints/latest           "step-00001400"
 * RUN/checkpoints/best             "step-00000800 0.2731": not removed for its age
 * </pre>
 *
 * A checkpoint appears under its name only when it is complete and on disk. One process writes a
 * store at a time.
 */
public final class Checkpoints {

  /** A checkpoint whose files agree with their checksums. */
  public record Checkpoint(long step, Path dir) {}

  /**
   * The checkpoint of the best epoch.
   *
   * @param lack how far its validation is from perfect: the lower, the better
   */
  public record Best(Checkpoint checkpoint, double lack) {}

  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");
  private static final Pattern BEST_LINE = Pattern.compile("(step-(\\d{8,18})) ([0-9.E-]{1,25})");
  private static final String LATEST = "latest";
  private static final String BEST = "best";

  private final Path dir;
  private final int keep;
  private final Consumer<String> warn;

  /**
   * @param dir usually {@code RUN/checkpoints}; made at the first save
   * @param keep how many of the newest are kept; at least 1
   * @param warn gets one line whenever a damaged checkpoint is passed over
   */
  public Checkpoints(Path dir, int keep, Consumer<String> warn) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep: " + keep);
    }
    this.dir = dir;
    this.keep = keep;
    this.warn = warn;
  }

  /**
   * Saves one checkpoint and removes those that are too old, but not the best. Checkpoints of later
   * steps belong to a course of training that was given up, and are removed too.
   *
   * @param step optimiser steps done; 0 or more
   * @param fill writes the state's files into the folder it is given
   * @throws UlmfitException (failure) if it cannot be written; earlier ones are then untouched
   */
  public void save(long step, IOConsumer<Path> fill) {
    Path target = dir.resolve(name(step));
    try {
      Files.createDirectories(dir);
      restoreReplaced();
      removeRemnants();
      AtomicFiles.writeFolder(
          target,
          part -> {
            fill.accept(part);
            Checksums.write(part);
          });
      AtomicFiles.writeString(dir.resolve(LATEST), name(step) + "\n");
      List<Long> steps = steps();
      for (long later : steps.stream().filter(s -> s > step).toList()) {
        remove(later);
      }
      List<Long> kept = steps.stream().filter(s -> s <= step).toList();
      long best = marked().map(b -> b.checkpoint().step()).orElse(-1L);
      for (long old : kept.subList(Math.min(keep, kept.size()), kept.size())) {
        if (old != best) {
          remove(old);
        }
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(target, e);
    }
  }

  /**
   * The newest checkpoint that is whole; each damaged one on the way is named in a warning.
   *
   * @return empty if nothing was ever saved here
   * @throws UlmfitException (bad model) if there are checkpoints but none can be used
   */
  public Optional<Checkpoint> latest() {
    try {
      restoreReplaced();
    } catch (IOException e) {
      throw UlmfitException.cannotRead(dir, e);
    }
    List<Long> steps = steps();
    warnIfLatestIsGone(steps);
    String problem = null;
    for (long step : steps) {
      Checkpoint checkpoint = new Checkpoint(step, dir.resolve(name(step)));
      problem = damage(checkpoint);
      if (problem == null) {
        return Optional.of(checkpoint);
      }
    }
    if (problem != null) {
      throw UlmfitException.badModel(
          dir + ": no usable checkpoint (" + problem + "); start again with --overwrite");
    }
    return Optional.empty();
  }

  /**
   * Names the checkpoint of a step as the best so far; the one before becomes like any other.
   *
   * @param lack how far its validation is from perfect
   * @throws UlmfitException (failure) if that cannot be written
   */
  public void markBest(long step, double lack) {
    AtomicFiles.writeString(dir.resolve(BEST), name(step) + " " + lack + "\n");
  }

  /** The checkpoint that was last marked as the best, if it is there still and whole. */
  public Optional<Best> best() {
    return marked().filter(best -> damage(best.checkpoint()) == null);
  }

  private Optional<Best> marked() {
    Path pointer = dir.resolve(BEST);
    if (!Files.exists(pointer)) {
      return Optional.empty();
    }
    try {
      Matcher m = BEST_LINE.matcher(Files.readString(pointer).strip());
      if (m.matches() && Files.isDirectory(dir.resolve(m.group(1)))) {
        long step = Long.parseLong(m.group(2));
        double lack = Double.parseDouble(m.group(3));
        return Optional.of(new Best(new Checkpoint(step, dir.resolve(m.group(1))), lack));
      }
    } catch (IOException | NumberFormatException e) {
      warn.accept("WARNING: " + pointer + " cannot be read: " + UlmfitException.reason(e));
    }
    return Optional.empty();
  }

  /** What is wrong with a checkpoint, after a warning; null: it is whole. */
  private @Nullable String damage(Checkpoint checkpoint) {
    try {
      Checksums.verify(checkpoint.dir(), "checkpoint");
      return null;
    } catch (UlmfitException e) {
      warn.accept(
          "WARNING: checkpoint " + name(checkpoint.step()) + " is passed over: " + e.getMessage());
      return e.getMessage();
    }
  }

  private void warnIfLatestIsGone(List<Long> steps) {
    Path pointer = dir.resolve(LATEST);
    if (!Files.exists(pointer)) {
      return;
    }
    try {
      Matcher m = NAME.matcher(Files.readString(pointer).strip());
      if (!m.matches()) {
        warn.accept("WARNING: " + pointer + " names no checkpoint; the newest folder is taken");
      } else if (!steps.contains(Long.parseLong(m.group(1)))) {
        warn.accept("WARNING: checkpoint " + m.group() + " is missing from " + dir);
      }
    } catch (IOException e) {
      warn.accept("WARNING: " + pointer + " cannot be read: " + UlmfitException.reason(e));
    }
  }

  /** Steps that have a folder, newest first. */
  private List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    if (!Files.isDirectory(dir)) {
      return steps;
    }
    try (Stream<Path> entries = Files.list(dir)) {
      for (Path entry : entries.toList()) {
        Matcher m = NAME.matcher(entry.getFileName().toString());
        if (m.matches() && Files.isDirectory(entry)) {
          steps.add(Long.parseLong(m.group(1)));
        }
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(dir, e);
    }
    steps.sort(Comparator.reverseOrder());
    return steps;
  }

  /** Hides the folder first: a kill during the deletion leaves no half checkpoint behind. */
  private void remove(long step) throws IOException {
    Path folder = dir.resolve(name(step));
    Path hidden = AtomicFiles.beside(folder, "gone");
    Files.move(folder, hidden, StandardCopyOption.ATOMIC_MOVE);
    AtomicFiles.deleteTree(hidden);
  }

  /** What a killed save or removal left behind. */
  private void removeRemnants() throws IOException {
    for (Path remnant : hidden()) {
      AtomicFiles.deleteTree(remnant);
    }
  }

  /** Puts back a checkpoint whose replacement by one of the same step was cut short. */
  private void restoreReplaced() throws IOException {
    for (Path remnant : hidden()) {
      String name = remnant.getFileName().toString();
      if (name.endsWith(".old")) {
        AtomicFiles.restore(dir.resolve(name.substring(1, name.length() - ".old".length())));
      }
    }
  }

  private List<Path> hidden() throws IOException {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.filter(p -> p.getFileName().toString().startsWith(".step-")).toList();
    }
  }

  private static String name(long step) {
    return Shown.format("step-%08d", step);
  }
}
