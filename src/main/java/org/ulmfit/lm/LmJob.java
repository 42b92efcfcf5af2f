package org.ulmfit.lm;

import java.nio.file.Path;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusOptions;

/**
 * What {@code lm-finetune} is asked to do.
 *
 * @param corpus raw corpus or prepared folder
 * @param out run folder; null only where nothing but the plan is asked for
 * @param pretrained model or run whose weights it starts from; null = from scratch
 * @param backwards reads documents from their end; a pretrained model's direction must agree
 * @param limit training documents at most; 0 = all
 * @param device {@code auto | cpu | cuda:N}
 */
public record LmJob(
    Path corpus,
    CorpusOptions options,
    Path out,
    Path pretrained,
    boolean backwards,
    int limit,
    Recipe recipe,
    String device,
    boolean resume,
    boolean overwrite) {}
