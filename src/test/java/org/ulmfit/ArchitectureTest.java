package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the table of rooms in {@code docs/architecture.md}: the test reads that very table. */
class ArchitectureTest {

  private static final String ROOT = "org.ulmfit";
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|.*\\| ([^|]+) \\|");
  private static final Pattern WITHOUT_ENGINE =
      Pattern.compile("`([\\w, ]+)`\\s+do\\s+not\\s+import\\s+`ai\\.djl`");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);
  private static final String DOCUMENT = read(Path.of("docs/architecture.md"));

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Room to the rooms it may know. */
  private static Map<String, Set<String>> rooms(String document) {
    Map<String, Set<String>> rooms = new LinkedHashMap<>();
    Set<String> above = Set.of();
    for (String line : document.lines().toList()) {
      Matcher row = ROW.matcher(line.strip());
      if (row.matches()) {
        above = known(row.group(2).strip(), above);
        rooms.put(row.group(1), above);
      }
    }
    rooms.replaceAll((room, known) -> known.contains("all") ? rooms.keySet() : known);
    for (String room : rooms.keySet()) {
      for (String name : rooms.get(room)) {
        assertTrue(rooms.containsKey(name), room + " may know " + name + ", which is no room");
      }
    }
    return rooms;
  }

  private static Set<String> known(String cell, Set<String> above) {
    Set<String> known = new LinkedHashSet<>();
    String rest = cell.replace("records of ", "");
    if (rest.startsWith("the same and ")) {
      known.addAll(above);
      rest = rest.substring("the same and ".length());
    }
    if (!rest.equals("–")) {
      known.addAll(Arrays.asList(rest.split(", ")));
    }
    return known;
  }

  /** The room of a class; empty for the root package and for other people's classes. */
  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1).split("\\.")[0] : "";
  }

  private static List<String> violations(Map<String, Set<String>> rooms) {
    List<String> found = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String from = room(type);
        String to = room(dependency.getTargetClass());
        boolean inside = dependency.getTargetClass().getPackageName().startsWith(ROOT);
        if (inside && !to.isEmpty() && !to.equals(from) && !from.isEmpty()) {
          if (!rooms.getOrDefault(from, Set.of()).contains(to)) {
            found.add(from + " may not know " + to + ": " + dependency.getDescription());
          }
        }
      }
    }
    return found;
  }

  @Test
  void roomsKnowOnlyWhomTheTableAllows() {
    assertEquals(List.of(), violations(rooms(DOCUMENT)));
  }

  @Test
  void aRoomThatKnowsTooMuchIsFound() {
    Map<String, Set<String>> strict = rooms(DOCUMENT);
    strict.put("nn", Set.of());
    assertFalse(violations(strict).isEmpty());
  }

  @Test
  void everyPackageIsARoomOfTheTable() {
    Set<String> packages = new TreeSet<>();
    CLASSES.forEach(type -> packages.add(room(type)));
    packages.remove("");
    packages.removeAll(rooms(DOCUMENT).keySet());
    assertEquals(Set.of(), packages);
  }

  /** What stands above all rooms: the face of the library. */
  private static boolean isFace(JavaClass type) {
    String name = type.getName().substring(ROOT.length() + 1).replaceAll("\\$.*", "");
    return type.getPackageName().equals(ROOT)
        && (name.equals("Ulmfit") || name.endsWith("Builder") || name.startsWith("Trained"));
  }

  @Test
  void theRestOfTheRootPackageKnowsNoRoom() {
    for (JavaClass type : CLASSES) {
      if (room(type).isEmpty() && !isFace(type)) {
        type.getDirectDependenciesFromSelf()
            .forEach(d -> assertEquals("", room(d.getTargetClass()), d.getDescription()));
      }
    }
  }

  @Test
  void nothingBelowKnowsTheFace() {
    Set<String> faces = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (isFace(type)) {
        faces.add(type.getName().replaceAll("\\$.*", ""));
        type.getDirectDependenciesToSelf()
            .forEach(d -> assertTrue(isFace(d.getOriginClass()), d.getDescription()));
      }
    }
    assertEquals(8, faces.size(), faces.toString());
  }

  @Test
  void thereAreNoCycles() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  /** Top-level classes of a room that use a library's package. */
  private static Set<String> users(String room, String library) {
    Set<String> users = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      boolean uses =
          type.getDirectDependenciesFromSelf().stream()
              .map(d -> d.getTargetClass().getPackageName())
              .anyMatch(p -> p.equals(library) || p.startsWith(library + "."));
      if (uses && (room == null || room(type).equals(room))) {
        users.add(type.getName().replaceAll("\\$.*", ""));
      }
    }
    return users;
  }

  @Test
  void theRoomsBeforeTheEngineDoNotImportIt() {
    Matcher sentence = WITHOUT_ENGINE.matcher(DOCUMENT);
    assertTrue(sentence.find(), "the sentence about ai.djl is gone from docs/architecture.md");
    List<String> rooms = List.of(sentence.group(1).split(", "));
    assertTrue(rooms.containsAll(List.of("corpus", "text", "vocab", "prepare", "config", "io")));
    for (String room : rooms) {
      Set<String> users = users(room, "ai.djl");
      int allowed = room.equals("text") ? 1 : 0; // the subword tokenizer
      assertTrue(users.size() <= allowed, room + " imports ai.djl in " + users);
    }
  }

  @Test
  void oneClassKnowsTheInternalsOfDjl() {
    Set<String> users = users(null, "ai.djl.pytorch.jni");
    assertEquals(1, users.size(), users.toString());
    assertEquals(users, users("nn", "ai.djl.pytorch.jni"));
  }
}
