package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.AtomicFiles;

/**
 * The tables of {@code docs/security.md} are what the commands say. After a change of a message,
 * {@code mvn test -Dtest=SecurityDocumentTest -Dulmfit.updateDocs=true} writes them anew.
 */
@Tag("engine")
class SecurityDocumentTest {
  private static final Path FILE = Path.of("docs/security.md");
  private static final String BEGIN = "<!-- what the commands say -->\n";
  private static final String END = "<!-- to here -->\n";
  private static final int LONGEST_SECONDS = 20;
  private static final Pattern OPTION = Pattern.compile("--[a-z]+(-[a-z]+)*");
  private static final OperatingSystemMXBean MACHINE =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final List<String> faults = new ArrayList<>();

  @TempDir Path dir;

  @Test
  void theTablesAreWhatTheCommandsSay() throws IOException {
    String document = Files.readString(FILE);
    String before = document.substring(0, document.indexOf(BEGIN) + BEGIN.length());
    String after = document.substring(document.indexOf(END));
    String expected = before + tables() + "\n" + after;
    if (Boolean.getBoolean("ulmfit.updateDocs")) {
      Files.writeString(FILE, expected);
    }
    assertEquals(List.of(), faults);
    assertEquals(expected, Files.readString(FILE));
  }

  private String tables() throws IOException {
    StringBuilder text = new StringBuilder();
    String room = "";
    for (HostileInputs.Item item : HostileInputs.all()) {
      if (!item.room().equals(room)) {
        room = item.room();
        text.append("\n### ").append(room).append("\n\n");
        text.append("| input | command | exit | what it says |\n|---|---|---|---|\n");
      }
      text.append(row(item)).append('\n');
    }
    return text.toString();
  }

  /** A message that names options is tried: with them the command ends otherwise. */
  private void tryRemedy(HostileInputs.Item item, Path scene, String[] command, String said) {
    Set<String> named =
        OPTION.matcher(said).results().map(MatchResult::group).collect(Collectors.toSet());
    Set<String> tried =
        item.remedy().stream().map(o -> o.replaceFirst("=.*", "")).collect(Collectors.toSet());
    if (!named.containsAll(tried)) {
      faults.add(item.what() + ": " + tried + " is not in: " + said);
    }
    if (!named.isEmpty() && tried.isEmpty()) {
      faults.add(item.what() + ": is never tried, though it says " + said);
    }
    if (!tried.isEmpty()) {
      List<String> remedy =
          item.remedy().stream().map(option -> option.replace("{dir}", "" + scene)).toList();
      List<String> kept =
          Stream.of(command)
              .filter(o -> o.startsWith("--set") || !tried.contains(o.replaceFirst("=.*", "")))
              .toList();
      Cli.Output again = Cli.run(Cli.and(remedy, kept.toArray(String[]::new)));
      List<String> lines = again.err().lines().toList();
      if (again.code() != 0 && lines.get(lines.size() - 1).equals(said)) {
        faults.add(item.what() + ": " + item.remedy() + " changes nothing: " + again);
      }
    }
  }

  private String row(HostileInputs.Item item) throws IOException {
    Path scene = Files.createDirectories(dir.resolve("scene"));
    String[] command = item.scene().set(scene).toArray(String[]::new);
    long started = MACHINE.getProcessCpuTime();
    Cli.Output output = Cli.run(command);
    double seconds = (MACHINE.getProcessCpuTime() - started) / 1e9;
    assertTrue(seconds < LONGEST_SECONDS, item.what() + ": " + seconds + " s of work");
    String said;
    if (item.shows() == null) {
      assertTrue(output.code() != 0, item.what() + " was taken: " + output);
      said = output.error(output.code());
      tryRemedy(item, scene, command, said);
    } else {
      String all = output.ok().out() + output.err();
      said = all.lines().filter(line -> line.contains(item.shows())).findFirst().orElse("?" + all);
    }
    AtomicFiles.deleteTree(scene);
    return "| %s | `%s` | %d | %s |"
        .formatted(
            item.what(),
            command[0],
            output.code(),
            said.replace(scene + "/", "").replace("|", "\\|"));
  }
}
