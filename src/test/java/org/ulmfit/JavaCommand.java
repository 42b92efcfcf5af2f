package org.ulmfit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a class in a process of its own, under this process's Java. */
public final class JavaCommand {
  private JavaCommand() {}

  /**
   * @param options of the JVM
   * @param main found on this process's class path
   */
  public static List<String> of(List<String> options, Class<?> main, List<String> arguments) {
    return of(options, System.getProperty("java.class.path"), main, arguments);
  }

  static List<String> of(
      List<String> options, String classPath, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    return command;
  }
}
