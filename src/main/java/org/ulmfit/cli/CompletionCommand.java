package org.ulmfit.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ulmfit completion}: what a shell completes commands and options by. */
@Command(
    name = "completion",
    hidden = true,
    header = "Write what bash and zsh complete commands and options by.",
    description = {"", "source <(ulmfit completion)", ""})
final class CompletionCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    main.console().data(AutoComplete.bash("ulmfit", spec.root().commandLine()).stripTrailing());
    return 0;
  }
}
