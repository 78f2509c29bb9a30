using System.Text.Json.Nodes;

namespace MtlsFunctions.Shared.HashiCorp;

/// <summary>A secrets engine at its mount.</summary>
internal interface IVaultEngine
{
    /// <summary>As the operator wrote it.</summary>
    string Description { get; }

    /// <summary>What a question for the mount shows.</summary>
    JsonObject Options { get; }

    /// <param name="rest">Behind the mount.</param>
    VaultReply Answer(VaultRequest request, string rest);
}
