package org.ulmfit.campaign;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A slice of {@code scripts/campaign parts=rows}. */
class RowAccountsTest {
  private static final int CORPORA = 100;

  @TempDir Path dir;

  @ParameterizedTest
  @FieldSource("org.ulmfit.campaign.RowAccounts#READERS")
  void everyRowIsUsedOrRejected(String reader) throws IOException {
    RowAccounts accounts = new RowAccounts(dir);
    for (int seed = 0; seed < CORPORA; seed++) {
      accounts.check(reader, seed);
    }
  }
}
