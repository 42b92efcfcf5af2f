package org.ulmfit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Inputs that are broken or made to do harm, each with the command that meets it. */
class HostileInputs {

  /** Writes its files into an empty folder and gives the command line. */
  interface Scene {
    List<String> set(Path dir) throws IOException;
  }

  /**
   * @param what in words
   * @param shows part of the line of output that matters; null: it is refused, in one line
   * @param remedy the options that the refusal names, with values; empty: it names none
   */
  record Item(String room, String what, String shows, Scene scene, List<String> remedy) {}

  /** Changes a sound model or prepared folder. */
  interface Damage {
    void to(Path folder) throws IOException;
  }

  final List<Item> items = new ArrayList<>();
  private String room;

  static List<Item> all() {
    return Stream.of(new HostileCorpora(), new HostileModels())
        .flatMap(inputs -> inputs.items.stream())
        .toList();
  }

  /** What comes next is of that room. */
  final void room(String name) {
    room = name;
  }

  /**
   * @param remedy what the message says to type, {@code {dir}} for the folder: with it the command
   *     gets further
   */
  final void refused(String what, Scene scene, String... remedy) {
    items.add(new Item(room, what, null, scene, List.of(remedy)));
  }

  final void shown(String what, String part, Scene scene) {
    items.add(new Item(room, what, part, scene, List.of()));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  static void replace(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(from)) {
      throw new IllegalStateException(file + " holds no " + from + ": " + text);
    }
    Files.writeString(file, text.replace(from, to));
  }
}
