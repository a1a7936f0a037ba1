/** `medweave completion`: the script by which a shell completes command lines; it asks `--get-yargs-completions` for the words. */
import { completionScript, shells, type Shell } from '../completion/scripts.js';
import { defineCommand } from '../command.js';

interface CompletionArgs {
  shell?: Shell;
}

export default defineCommand<CompletionArgs>({
  usage: 'completion [shell]',
  describe: 'Print a script that completes commands, options, choices, configurations and the fields of --set; add it to the shell\'s start-up file',
  builder: (yargs) =>
    yargs
      .positional('shell', { choices: shells, describe: 'by default that of $SHELL, else bash' })
      .example('$0 completion bash >> ~/.bashrc', '')
      .example('$0 completion zsh >> ~/.zshrc', 'below the line that runs compinit')
      .example('$0 completion fish > ~/.config/fish/completions/medweave.fish', '') as never,
  run: async ({ shell = shells.find((name) => process.env['SHELL']?.endsWith(name)) ?? 'bash' }) => {
    const script = completionScript(shell);
    return { text: script, json: { shell, script } };
  },
});
